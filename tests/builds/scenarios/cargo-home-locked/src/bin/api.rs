fn main() {
    println!("{}", milk::NAME);
}
