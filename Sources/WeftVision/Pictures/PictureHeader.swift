/// What a picture file says of itself, read before anything is decoded.
///
/// Refuses what is no JPEG or PNG, what is cut short and what is too large, each with its own reason.
package struct PictureHeader: Sendable, Equatable {
    package enum Format: String, Sendable {
        case jpeg = "JPEG"
        case png = "PNG"
    }

    package let format: Format
    /// Sizes as stored, before the orientation is applied.
    package let width: Int
    package let height: Int
    package let orientation: Orientation
    /// The parts of the file that hold pixels and what they mean.
    ///
    /// Leaves out what the decoder would only warn of on standard error, or turn into transparency.
    let essential: [Range<Int>]

    package init(_ bytes: [UInt8]) throws(VisionError) {
        if bytes.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] {
            try self.init(png: bytes)
        } else if bytes.count >= 3, bytes.prefix(3) == [0xFF, 0xD8, 0xFF] {
            try self.init(jpeg: bytes)
        } else {
            throw Self.notAPicture(bytes)
        }
        try Picture.checkSize(width: width, height: height)
    }

    private init(png bytes: [UInt8]) throws(VisionError) {
        guard bytes.has("IHDR", at: 12), bytes.uint32(8) == 13, let width = bytes.uint32(16),
            let height = bytes.uint32(20)
        else {
            throw Self.damaged(.png, "its header is missing or cut short")
        }
        var orientation = Orientation.upright
        var essential = [0..<8]
        var at = 8
        while true {
            guard let length = bytes.uint32(at), let kind = bytes.byte(at + 4), at + 12 + length <= bytes.count,
                let checksum = bytes.uint32(at + 8 + length)
            else {
                throw Self.damaged(.png, "it ends after \(bytes.count) bytes, in the middle of a chunk")
            }
            let end = at + 12 + length
            if kind & 0x20 == 0 {
                guard CRC32.of(bytes, (at + 4)..<(end - 4)) == checksum else {
                    throw Self.damaged(.png, "the checksum of the chunk at byte \(at) is wrong")
                }
                essential.append(at..<end)
            }
            if bytes.has("IEND", at: at + 4) { break }
            if bytes.has("eXIf", at: at + 4) {
                orientation = Orientation.inTIFF(bytes[(at + 8)..<(end - 4)]) ?? .upright
            }
            at = end
        }
        self.essential = essential
        format = .png
        self.width = width
        self.height = height
        self.orientation = orientation
    }

    private init(jpeg bytes: [UInt8]) throws(VisionError) {
        var size: (width: Int, height: Int)?
        var orientation: Orientation?
        var at = 2
        walk: while true {
            guard let (marker, after) = Self.nextMarker(in: bytes, from: at) else {
                throw Self.damaged(.jpeg, "it ends after \(bytes.count) bytes without its end marker")
            }
            at = after
            switch marker {
            case 0xD9: break walk
            case 0x00, 0x01, 0xD0...0xD8: continue
            default: break
            }
            guard let length = bytes.uint16(at), length >= 2, at + length <= bytes.count else {
                throw Self.damaged(.jpeg, "it ends after \(bytes.count) bytes, in the middle of a segment")
            }
            switch marker {
            case 0xC0...0xC3, 0xC5...0xC7, 0xC9...0xCB, 0xCD...0xCF:
                if let height = bytes.uint16(at + 3), let width = bytes.uint16(at + 5) { size = (width, height) }
            case 0xE1 where orientation == nil && length >= 8 && bytes.has("Exif\0\0", at: at + 2):
                orientation = Orientation.inTIFF(bytes[(at + 8)..<(at + length)])
            default: break
            }
            at += length
        }
        guard let size else { throw Self.damaged(.jpeg, "it has no frame header") }
        essential = [0..<bytes.count]
        format = .jpeg
        width = size.width
        height = size.height
        self.orientation = orientation ?? .upright
    }

    /// The next marker byte and the offset behind it; entropy-coded data and stuffed bytes are skipped.
    private static func nextMarker(in bytes: [UInt8], from start: Int) -> (marker: UInt8, after: Int)? {
        bytes.withUnsafeBufferPointer { bytes in
            var at = start
            while at + 1 < bytes.count {
                if bytes[at] == 0xFF, bytes[at + 1] != 0xFF, bytes[at + 1] != 0 { return (bytes[at + 1], at + 2) }
                at += 1
            }
            return nil
        }
    }

    static func damaged(_ format: Format, _ what: String) -> VisionError {
        VisionError(
            .damagedPicture, "the \(format.rawValue) file is damaged: \(what)", remedy: "fetch or save it again")
    }

    private static func notAPicture(_ bytes: [UInt8]) -> VisionError {
        let found: String
        if bytes.isEmpty {
            found = "the file is empty"
        } else if bytes.has("GIF8") {
            found = "the file is a GIF"
        } else if bytes.has("BM") {
            found = "the file looks like a BMP"
        } else if bytes.has("RIFF"), bytes.has("WEBP", at: 8) {
            found = "the file is a WebP"
        } else if bytes.has("II*\0") || bytes.has("MM\0*") {
            found = "the file is a TIFF"
        } else if bytes.has("ftyp", at: 4) {
            found = "the file is an AVIF, HEIC or video"
        } else {
            let start = bytes.prefix(4).map { String($0, radix: 16, uppercase: true) }.joined(separator: " ")
            found = "the file is no picture: it begins with the bytes \(start)"
        }
        return VisionError(.notAPicture, found, remedy: "give a JPEG or PNG file")
    }
}
