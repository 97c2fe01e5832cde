module example.com/app

go 1.19

require shop.test/tea v1.0.0
