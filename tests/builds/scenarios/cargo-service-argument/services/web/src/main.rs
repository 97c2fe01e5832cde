fn main() {
    println!("web");
}
