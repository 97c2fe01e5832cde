package main

import (
	"fmt"

	"shop.test/milk"
)

func main() {
	fmt.Println(milk.Name)
}
