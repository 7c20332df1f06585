import Testing
import WeftVision

/// Expected bytes are what OpenCV (`INTER_LINEAR`) and Pillow (`BILINEAR`) make of the same pictures.
@Suite struct ResizeTests {
    @Test func bilinearEqualsOpenCVWhenEnlarging() throws {
        let enlarged = try Fixtures.pattern(width: 7, height: 5).resizedBilinear(width: 11, height: 8)
        #expect(
            enlarged.pixels == [
                0, 40, 86, 63, 111, 49, 132, 192, 25, 91, 162, 170, 70, 153, 224, 64, 158, 211, 62, 167, 99, 75, 192,
                59,
                107, 236, 114, 169, 169, 59, 217, 109, 7, 53, 36, 116, 79, 112, 94, 107, 203, 79, 73, 194, 160, 68, 157,
                199, 82, 99, 207, 101, 129, 103, 104, 144, 76, 86, 137, 152, 148, 143, 118, 201, 148, 81, 122, 37, 154,
                104, 117, 153, 78, 216, 151, 60, 235, 144, 71, 165, 162, 103, 28, 199, 152, 78, 106, 145, 81, 94, 64,
                21,
                190, 120, 115, 183, 176, 200, 166, 147, 111, 147, 136, 153, 167, 127, 207, 180, 158, 238, 101, 137, 190,
                105, 79, 83, 172, 158, 61, 90, 172, 71, 54, 102, 124, 78, 114, 172, 70, 133, 205, 61, 146, 174, 129,
                150,
                164, 163, 156, 160, 191, 165, 211, 91, 147, 189, 98, 109, 112, 186, 167, 59, 133, 178, 65, 101, 128,
                148,
                94, 133, 174, 56, 144, 186, 25, 119, 227, 100, 145, 152, 143, 163, 74, 184, 82, 155, 113, 101, 163, 140,
                194, 116, 239, 180, 74, 235, 163, 63, 235, 143, 93, 240, 178, 121, 141, 209, 141, 59, 74, 234, 143, 121,
                172, 140, 165, 100, 131, 85, 120, 91, 74, 108, 94, 116, 74, 129, 105, 60, 140, 102, 67, 160, 112, 102,
                193, 162, 154, 115, 203, 194, 47, 41, 235, 179, 102, 188, 140, 166, 127, 91, 93, 96, 71, 57, 68, 54, 49,
                41, 39, 45, 49, 58, 56, 71, 92, 86, 113, 145, 146, 184, 89, 193, 239, 35,
            ])
    }

    @Test func bilinearEqualsOpenCVWhenShrinking() throws {
        let picture = try Fixtures.pattern(width: 7, height: 5)
        #expect(
            try picture.resizedBilinear(width: 4, height: 3).pixels == [
                69, 99, 88, 65, 172, 204, 97, 148, 62, 162, 147, 97, 153, 167, 169, 210, 237, 46, 196, 30, 54,
                111, 202, 13, 108, 186, 142, 59, 111, 75, 87, 55, 125, 166, 169, 98,
            ])
        #expect(try picture.resizedBilinear(width: 1, height: 1).pixels == [67, 110, 159])
    }

    @Test func bilinearLeavesAPictureOfTheSizeAlone() throws {
        let picture = try Fixtures.pattern(width: 7, height: 5)
        #expect(try picture.resizedBilinear(width: 7, height: 5) == picture)
    }

    @Test func smoothEqualsPillowWhenShrinkingAndEnlarging() throws {
        let small = try Fixtures.pattern(width: 23, height: 17).resizedSmoothly(width: 6, height: 5)
        #expect(
            small.pixels == [
                101, 116, 144, 118, 137, 102, 112, 142, 103, 115, 145, 146, 118, 138, 122, 135, 143, 127, 91, 132, 145,
                119, 146, 133, 134, 124, 117, 109, 113, 141, 117, 130, 122, 142, 138, 134, 121, 132, 126, 119, 138, 142,
                144, 107, 114, 110, 114, 135, 96, 108, 143, 145, 109, 149, 134, 117, 154, 151, 130, 142, 146, 99, 131,
                131, 122, 149, 110, 128, 139, 141, 109, 120, 134, 113, 122, 141, 149, 114, 125, 121, 131, 138, 124, 140,
                110, 154, 112, 133, 106, 103,
            ])
        let large = try Fixtures.pattern(width: 7, height: 5).resizedSmoothly(width: 9, height: 6)
        #expect(
            large.pixels == [
                0, 40, 86, 92, 144, 31, 110, 176, 105, 72, 152, 227, 64, 158, 211, 62, 170, 74, 89, 211, 83, 147, 198,
                84,
                217, 109, 7, 90, 33, 138, 91, 151, 120, 73, 214, 137, 59, 184, 177, 96, 57, 204, 137, 112, 84, 102, 91,
                129, 106, 100, 173, 190, 177, 134, 143, 99, 148, 125, 169, 172, 132, 225, 138, 136, 211, 101, 83, 74,
                177,
                173, 62, 75, 136, 88, 76, 104, 143, 94, 140, 204, 78, 141, 183, 124, 152, 153, 177, 154, 177, 137, 143,
                201, 85, 124, 113, 194, 179, 51, 141, 156, 98, 121, 135, 159, 89, 155, 178, 31, 98, 233, 118, 151, 126,
                151, 117, 112, 130, 69, 146, 106, 165, 97, 193, 144, 63, 200, 133, 78, 217, 157, 119, 172, 210, 162, 55,
                41, 235, 179, 131, 166, 122, 125, 110, 80, 59, 74, 58, 49, 41, 39, 44, 50, 62, 70, 90, 116, 125, 159,
                114,
                193, 239, 35,
            ])
    }

    @Test func sizesWithoutPixelsAreRefused() throws {
        let picture = try Fixtures.pattern(width: 7, height: 5)
        #expect(throws: VisionError.self) { try picture.resizedBilinear(width: 0, height: 3) }
        #expect(throws: VisionError.self) { try picture.resizedBilinear(width: 1 << 20, height: 1 << 20) }
        #expect(throws: VisionError.self) { try picture.resizedSmoothly(width: 3, height: 0) }
    }
}
