/// A function of two numbers of one type, whose result has that type.
protocol BinaryFormula: SendableMetatype {
    static func apply<N: WorkNumber>(_ a: N, _ b: N) -> N
}

/// A question about two numbers.
protocol Comparison: SendableMetatype {
    static func holds<N: WorkNumber>(_ a: N, _ b: N) -> Bool
}

/// A function of the bits of two integers, or of two booleans as bytes.
protocol BitFormula: SendableMetatype {
    static func apply<I: FixedWidthInteger>(_ a: I, _ b: I) -> I
}

/// Functions of two numbers.
enum Binary {
    enum Sum: BinaryFormula { static func apply<N: WorkNumber>(_ a: N, _ b: N) -> N { .sum(a, b) } }
    enum Difference: BinaryFormula { static func apply<N: WorkNumber>(_ a: N, _ b: N) -> N { .difference(a, b) } }
    enum Product: BinaryFormula { static func apply<N: WorkNumber>(_ a: N, _ b: N) -> N { .product(a, b) } }
    enum Quotient: BinaryFormula { static func apply<N: WorkNumber>(_ a: N, _ b: N) -> N { .quotient(a, b) } }
    enum FlooredRemainder: BinaryFormula {
        static func apply<N: WorkNumber>(_ a: N, _ b: N) -> N { .flooredRemainder(a, b) }
    }
    enum TruncatedRemainder: BinaryFormula {
        static func apply<N: WorkNumber>(_ a: N, _ b: N) -> N { .truncatedRemainder(a, b) }
    }
    enum Larger: BinaryFormula { static func apply<N: WorkNumber>(_ a: N, _ b: N) -> N { .larger(a, b) } }
    enum Smaller: BinaryFormula { static func apply<N: WorkNumber>(_ a: N, _ b: N) -> N { .smaller(a, b) } }
    /// The first operand where it is not negative, else its product with the second, the slope.
    enum SlopedRelu: BinaryFormula {
        static func apply<N: WorkNumber>(_ a: N, _ b: N) -> N { a < .zero ? .product(a, b) : a }
    }

    enum Equal: Comparison { static func holds<N: WorkNumber>(_ a: N, _ b: N) -> Bool { a == b } }
    enum Greater: Comparison { static func holds<N: WorkNumber>(_ a: N, _ b: N) -> Bool { a > b } }
    enum GreaterOrEqual: Comparison { static func holds<N: WorkNumber>(_ a: N, _ b: N) -> Bool { a >= b } }
    enum Less: Comparison { static func holds<N: WorkNumber>(_ a: N, _ b: N) -> Bool { a < b } }
    enum LessOrEqual: Comparison { static func holds<N: WorkNumber>(_ a: N, _ b: N) -> Bool { a <= b } }

    enum And: BitFormula { static func apply<I: FixedWidthInteger>(_ a: I, _ b: I) -> I { a & b } }
    enum Or: BitFormula { static func apply<I: FixedWidthInteger>(_ a: I, _ b: I) -> I { a | b } }
    enum Xor: BitFormula { static func apply<I: FixedWidthInteger>(_ a: I, _ b: I) -> I { a ^ b } }
    enum ShiftLeft: BitFormula {
        static func apply<I: FixedWidthInteger>(_ a: I, _ b: I) -> I { 0 <= b && b < I.bitWidth ? a &<< b : 0 }
    }
    /// A shift that is negative or at least the width leaves only copies of the sign.
    enum ShiftRight: BitFormula {
        static func apply<I: FixedWidthInteger>(_ a: I, _ b: I) -> I {
            0 <= b && b < I.bitWidth ? a &>> b : a < 0 ? ~0 : 0
        }
    }
}
