import Testing
import WeftVision

/// A 16 x 8 JPEG, its left half red, its right half blue.
private let halves =
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoHBwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYU"
    + "GBIUFRT/2wBDAQMEBAUEBQkFBQkUDQsNFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBT/wAARCAAIABAD"
    + "AREAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAABwj/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAACQf/xAAUEQEA"
    + "AAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCdEMKmAjjB0f/Z"

@Suite(.enabled(if: Picture.canUseFiles, "needs the trait Pictures")) struct PictureTests {
    @Test func refusesWhatIsNoPicture() {
        for text in ["", "x", "hello, this is text", "GIF89a....", "RIFF....WEBP", "BM", "II*\0", "<svg/>"] {
            #expect(failure(Array(text.utf8)) == .notAPicture, "\(text)")
        }
    }

    @Test func aMissingFileIsNamed() {
        let error = #expect(throws: VisionError.self) { try Picture(contentsOf: "/nowhere/cat.jpg") }
        #expect(error?.code == .fileAccess)
        #expect(error?.message.contains("/nowhere/cat.jpg") == true)
    }

    @Test func refusesEveryTruncationOfJPEGAndPNG() throws {
        for file in [try Fixtures.bytes(base64: halves), try Fixtures.pattern(width: 9, height: 7).png()] {
            #expect(failure(file) == nil)
            for length in 0..<file.count {
                let code = failure(Array(file[..<length]))
                #expect(code == .notAPicture || code == .damagedPicture, "\(length) bytes")
            }
        }
    }

    @Test func survivesEveryFlippedByte() throws {
        for file in [try Fixtures.bytes(base64: halves), try Fixtures.pattern(width: 9, height: 7).png()] {
            for index in file.indices where index % 3 == 0 || index < 64 {
                var broken = file
                broken[index] ^= 0xFF
                _ = failure(broken)
            }
        }
    }

    @Test func refusesMorePixelsThanTheLimitBeforeDecoding() throws {
        // PNG headers of 65536 x 65536 and 0 x 2, their checksums right.
        let sizes: [([UInt8], [UInt8])] = [
            ([0, 1, 0, 0, 0, 1, 0, 0], [0xE3, 0xE6, 0xA7, 0xB4]),
            ([0, 0, 0, 0, 0, 0, 0, 2], [0xF9, 0x21, 0x4A, 0x4E]),
        ]
        for (size, checksum) in sizes {
            var file = try Fixtures.pattern(width: 2, height: 2).png()
            file.replaceSubrange(16..<24, with: size)
            file.replaceSubrange(29..<33, with: checksum)
            #expect(failure(file) == .badSize)
        }
        var jpeg = try Fixtures.bytes(base64: halves)
        let frame = try #require(jpeg.indices.first { jpeg[$0...].starts(with: [0xFF, 0xC0]) })
        jpeg.replaceSubrange((frame + 5)..<(frame + 9), with: [0xFF, 0xFF, 0xFF, 0xFF])
        #expect(failure(jpeg) == .badSize)
    }

    @Test func pngKeepsEveryPixel() throws {
        let picture = try Fixtures.pattern(width: 31, height: 17)
        #expect(try Picture(decoding: try picture.png()) == picture)
    }

    @Test(
        arguments: [
            (  // transparency dropped, colours kept
                "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAAEUlEQVR42mPkEpFjkJOTawAAAzABGBr1k2UAAAAASUVORK5CYII=",
                [10, 20, 30, 40, 50, 60]
            ),
            (  // palette
                "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABAQMAAADO7O3JAAAABlBMVEUBAgPIZDJQtK4/AAAAAXRSTlMAQObYZgAAAApJREFUeNpjcAAAAEIAQYS/"
                    + "jmIAAAAASUVORK5CYII=", [1, 2, 3, 200, 100, 50]
            ),
            (  // grey
                "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAAAAADRSSBWAAAAC0lEQVR42mNgOAEAAMsAyfpstIsAAAAASUVORK5CYII=",
                [0, 0, 0, 200, 200, 200]
            ),
            (  // grey of 16 bits
                "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAAAAACB2fwVAAAADUlEQVR42mMQMll9FgADDAG/sefUTQAAAABJRU5ErkJggg==",
                [18, 18, 18, 171, 171, 171]
            ),
            (  // grey with transparency
                "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAQAAABeK7cBAAAADUlEQVR42mP0ZWBgAAABPgBP+Zk7DwAAAABJRU5ErkJggg==",
                [77, 77, 77, 77, 77, 77]
            ),
        ] as [(String, [UInt8])])
    func readsEveryKindOfPNG(base64: String, pixels: [UInt8]) throws {
        #expect(try Picture(decoding: try Fixtures.bytes(base64: base64)).pixels == pixels)
    }

    @Test func turnsAPictureAsItsExifSays() throws {
        let plain = try Fixtures.bytes(base64: halves)
        let upright = try Picture(decoding: plain)
        #expect(upright.colour(x: 2, y: 0)?.red == 254)
        #expect(upright.colour(x: 13, y: 0)?.blue == 254)
        for orientation in Orientation.allCases {
            for littleEndian in [true, false] {
                let tagged = plain[..<2] + exif(orientation.rawValue, littleEndian) + plain[2...]
                #expect(try Picture(decoding: Array(tagged)) == orientation.applied(to: upright))
            }
        }
        for broken in [0, 9, 255] {
            #expect(try Picture(decoding: Array(plain[..<2] + exif(broken, true) + plain[2...])) == upright)
        }
    }

    @Test(arguments: zip(1...8, ["abcdef", "cbafed", "fedcba", "defabc", "adbecf", "daebfc", "fcebda", "cfbead"]))
    func orientationMovesPixelsAsTheStandardDraws(value: Int, expected: String) throws {
        let stored = try Picture(width: 3, height: 2, pixels: Array("abcdef".utf8).flatMap { [$0, $0, $0] })
        let turned = try #require(Orientation(rawValue: value)).applied(to: stored)
        #expect(turned.width == (value < 5 ? 3 : 2))
        #expect(turned.pixels == Array(expected.utf8).flatMap { [$0, $0, $0] })
    }

    @Test func picturesOfContradictorySizesAreRefused() {
        #expect(throws: VisionError.self) { try Picture(width: 2, height: 2, pixels: [1, 2, 3]) }
        #expect(throws: VisionError.self) { try Picture(width: -1, height: 2, pixels: []) }
        #expect(throws: VisionError.self) { try Picture(width: .max, height: .max, pixels: []) }
    }

    private func failure(_ bytes: [UInt8]) -> VisionError.Code? {
        do throws(VisionError) {
            _ = try Picture(decoding: bytes)
            return nil
        } catch {
            return error.code
        }
    }

    /// An Exif segment that holds an orientation and nothing else.
    private func exif(_ orientation: Int, _ littleEndian: Bool) -> [UInt8] {
        func number(_ value: Int, bytes: Int) -> [UInt8] {
            let low = (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            return littleEndian ? low : low.reversed()
        }
        let mark: String = littleEndian ? "II" : "MM"
        var tiff = Array(mark.utf8) + number(42, bytes: 2) + number(8, bytes: 4)
        tiff += number(1, bytes: 2) + number(0x0112, bytes: 2) + number(3, bytes: 2) + number(1, bytes: 4)
        tiff += number(orientation, bytes: 2) + number(0, bytes: 2) + number(0, bytes: 4)
        let body = Array("Exif\0\0".utf8) + tiff
        return [0xFF, 0xE1, 0, UInt8(body.count + 2)] + body
    }
}
