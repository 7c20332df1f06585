/// An 8-bit colour.
public struct Colour: Sendable, Hashable {
    public let red: UInt8
    public let green: UInt8
    public let blue: UInt8

    public init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// The grey that YOLO exports are letterboxed with.
    public static let letterboxGrey = Colour(red: 114, green: 114, blue: 114)

    /// A colour that tells one class from its neighbours; any index, also a negative one, has one.
    public static func forClass(_ index: Int) -> Colour {
        let count = classColours.count
        return classColours[((index % count) + count) % count]
    }

    /// Black or white, whichever is easier to read on this colour.
    public var readableInk: Colour {
        let luma = 299 * Int(red) + 587 * Int(green) + 114 * Int(blue)
        return luma > 140_000 ? Colour(red: 0, green: 0, blue: 0) : Colour(red: 255, green: 255, blue: 255)
    }

    private static let classColours = [
        Colour(red: 230, green: 57, blue: 70), Colour(red: 29, green: 132, blue: 226),
        Colour(red: 34, green: 166, blue: 90), Colour(red: 255, green: 159, blue: 28),
        Colour(red: 142, green: 68, blue: 217), Colour(red: 0, green: 178, blue: 191),
        Colour(red: 236, green: 72, blue: 153), Colour(red: 132, green: 146, blue: 0),
        Colour(red: 62, green: 76, blue: 196), Colour(red: 255, green: 203, blue: 5),
        Colour(red: 148, green: 82, blue: 40), Colour(red: 96, green: 205, blue: 120),
        Colour(red: 110, green: 118, blue: 129), Colour(red: 186, green: 28, blue: 108),
        Colour(red: 100, green: 181, blue: 246), Colour(red: 0, green: 110, blue: 96),
        Colour(red: 255, green: 112, blue: 67), Colour(red: 179, green: 136, blue: 255),
        Colour(red: 174, green: 213, blue: 20), Colour(red: 121, green: 20, blue: 20),
    ]
}
