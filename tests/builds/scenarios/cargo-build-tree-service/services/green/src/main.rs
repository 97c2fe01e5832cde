fn main() {
    println!("green {}", tea::NAME);
}
