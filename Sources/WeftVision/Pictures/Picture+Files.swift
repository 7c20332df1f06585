extension Picture {
    /// Whether this build reads and writes picture files; it does with the package trait Pictures.
    public static var canUseFiles: Bool { PictureLibrary.isPresent }

    /// Reads a JPEG or PNG file, turned as its Exif orientation says; transparency is dropped.
    ///
    /// Throws `.fileAccess`, `.notAPicture`, `.damagedPicture` or `.badSize`, the path in the message.
    public init(contentsOf path: String) throws(VisionError) {
        let bytes = try File.read(path)
        do {
            try self.init(decoding: bytes)
        } catch {
            throw VisionError(error.code, "'\(path)': \(error.message)", remedy: error.remedy)
        }
    }

    /// Decodes a JPEG or PNG file's bytes, turned as its Exif orientation says; transparency is dropped.
    public init(decoding bytes: [UInt8]) throws(VisionError) {
        let header = try PictureHeader(bytes)
        self = header.orientation.applied(to: try PictureLibrary.decode(bytes, header))
    }

    /// The picture as the bytes of a PNG file.
    public func png() throws(VisionError) -> [UInt8] { try PictureLibrary.encodePNG(self) }

    /// Writes the picture as a PNG file, in place of whatever the path holds.
    public func writePNG(to path: String) throws(VisionError) { try File.write(try png(), to: path) }
}
