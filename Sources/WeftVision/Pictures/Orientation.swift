/// How the stored rows and columns of a picture are to be turned for viewing, as Exif has it.
package enum Orientation: Int, Sendable, CaseIterable {
    case upright = 1
    case mirrored, upsideDown, flipped, transposed, quarterTurn, transversed, threeQuarterTurn

    /// Reads the orientation from a TIFF block (the body of an Exif segment); nil where it has none.
    ///
    /// Only the first directory is looked at. Whatever is broken or out of range counts as absent.
    package static func inTIFF(_ bytes: ArraySlice<UInt8>) -> Orientation? {
        let little = bytes.has("II")
        guard little || bytes.has("MM"), bytes.uint16(2, littleEndian: little) == 42,
            let directory = bytes.uint32(4, littleEndian: little),
            let entries = bytes.uint16(directory, littleEndian: little)
        else { return nil }
        for entry in 0..<entries {
            let at = directory + 2 + entry * 12
            guard let tag = bytes.uint16(at, littleEndian: little) else { return nil }
            guard tag == 0x0112 else { continue }
            guard bytes.uint16(at + 2, littleEndian: little) == 3,
                let value = bytes.uint16(at + 8, littleEndian: little)
            else { return nil }
            return Orientation(rawValue: value)
        }
        return nil
    }

    private var swapsSides: Bool { rawValue >= Orientation.transposed.rawValue }

    /// The picture turned for viewing; `self` as it is where it stands upright already.
    package func applied(to picture: Picture) -> Picture {
        guard self != .upright else { return picture }
        let width = swapsSides ? picture.height : picture.width
        let height = swapsSides ? picture.width : picture.height
        let right = picture.width - 1
        let bottom = picture.height - 1
        let pixels = [UInt8](unsafeUninitializedCapacity: picture.pixels.count) { out, filled in
            picture.pixels.withUnsafeBufferPointer { source in
                var at = 0
                for y in 0..<height {
                    for x in 0..<width {
                        let (column, row) =
                            switch self {
                            case .upright: (x, y)
                            case .mirrored: (right - x, y)
                            case .upsideDown: (right - x, bottom - y)
                            case .flipped: (x, bottom - y)
                            case .transposed: (y, x)
                            case .quarterTurn: (y, bottom - x)
                            case .transversed: (right - y, bottom - x)
                            case .threeQuarterTurn: (right - y, x)
                            }
                        let from = (row * picture.width + column) * 3
                        out[at] = source[from]
                        out[at + 1] = source[from + 1]
                        out[at + 2] = source[from + 2]
                        at += 3
                    }
                }
                filled = at
            }
        }
        return Picture(unchecked: pixels, width: width, height: height)
    }
}
