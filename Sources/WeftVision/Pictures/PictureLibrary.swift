#if Pictures
    internal import CPictures

    /// Decoding and encoding through libgd.
    enum PictureLibrary {
        static let isPresent = true

        /// Decodes what `header` was read from; rows as stored, the orientation not applied.
        static func decode(_ bytes: [UInt8], _ header: PictureHeader) throws(VisionError) -> Picture {
            _ = quiet
            let essential = header.essential.count == 1 ? bytes : header.essential.flatMap { bytes[$0] }
            guard let size = Int32(exactly: essential.count) else {
                throw PictureHeader.damaged(header.format, "it holds more than 2 GiB")
            }
            let image = essential.withUnsafeBytes { raw in
                let data = UnsafeMutableRawPointer(mutating: raw.baseAddress)
                return switch header.format {
                case .jpeg: gdImageCreateFromJpegPtrEx(size, data, 1)
                case .png: gdImageCreateFromPngPtr(size, data)
                }
            }
            guard let image else { throw PictureHeader.damaged(header.format, "it cannot be decoded") }
            defer { gdImageDestroy(image) }
            guard Int(image.pointee.sx) == header.width, Int(image.pointee.sy) == header.height,
                gdImagePaletteToTrueColor(image) != 0, let rows = image.pointee.tpixels
            else { throw PictureHeader.damaged(header.format, "it cannot be decoded") }
            let count = header.width * header.height * 3
            let pixels = [UInt8](unsafeUninitializedCapacity: count) { out, filled in
                var at = 0
                for y in 0..<header.height {
                    guard let row = rows[y] else { break }
                    for x in 0..<header.width {
                        let colour = row[x]
                        out[at] = UInt8(truncatingIfNeeded: colour >> 16)
                        out[at + 1] = UInt8(truncatingIfNeeded: colour >> 8)
                        out[at + 2] = UInt8(truncatingIfNeeded: colour)
                        at += 3
                    }
                }
                filled = at
            }
            return try Picture(width: header.width, height: header.height, pixels: pixels)
        }

        static func encodePNG(_ picture: Picture) throws(VisionError) -> [UInt8] {
            _ = quiet
            let failure = VisionError(
                .badSize, "a picture of \(picture.width) x \(picture.height) cannot be encoded as PNG",
                remedy: "scale it down first")
            guard let width = Int32(exactly: picture.width), let height = Int32(exactly: picture.height),
                let image = gdImageCreateTrueColor(width, height)
            else { throw failure }
            defer { gdImageDestroy(image) }
            guard let rows = image.pointee.tpixels else { throw failure }
            picture.pixels.withUnsafeBufferPointer { source in
                var at = 0
                for y in 0..<picture.height {
                    guard let row = rows[y] else { break }
                    for x in 0..<picture.width {
                        row[x] = Int32(source[at]) << 16 | Int32(source[at + 1]) << 8 | Int32(source[at + 2])
                        at += 3
                    }
                }
            }
            var size: Int32 = 0
            guard let data = gdImagePngPtrEx(image, &size, 2), size > 0 else { throw failure }
            defer { gdFree(data) }
            return [UInt8](UnsafeRawBufferPointer(start: data, count: Int(size)))
        }

        /// The library's own messages would go to standard error; ours say what they say.
        private static let quiet: Void = gdSetErrorMethod { _, _, _ in }
    }
#else
    /// Stands in where the picture library is not built in: everything throws `.unavailable`.
    enum PictureLibrary {
        static let isPresent = false

        static func decode(_ bytes: [UInt8], _ header: PictureHeader) throws(VisionError) -> Picture { throw missing }
        static func encodePNG(_ picture: Picture) throws(VisionError) -> [UInt8] { throw missing }

        private static let missing = VisionError(
            .unavailable, "this build cannot read or write pictures",
            remedy: "build with the package trait Pictures and libgd's headers (Debian: libgd-dev)")
    }
#endif
