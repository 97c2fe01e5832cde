fn main() {
    println!("black {}", tea::NAME);
}
