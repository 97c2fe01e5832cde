fn main() {
    println!("teapot: {}", tea::NAME);
}
