package main

import (
	"fmt"

	"shop.test/tea"
)

func main() {
	fmt.Println(tea.Name)
}
