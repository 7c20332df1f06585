import Testing
import WeftProvider

/// Sizes of types, shapes and layouts, and the rounding of bfloat16.
@Suite struct TypeTests {
    @Test func packedTypesShareBytes() {
        #expect(ElementType.int4.byteCount(0) == 0)
        #expect(ElementType.int4.byteCount(1) == 1)
        #expect(ElementType.int4.byteCount(2) == 1)
        #expect(ElementType.int4.byteCount(3) == 2)
        #expect(ElementType.uint2.byteCount(4) == 1)
        #expect(ElementType.uint2.byteCount(5) == 2)
        #expect(ElementType.float6e2m3.byteCount(4) == 3)
        #expect(ElementType.float6e3m2.byteCount(5) == 4)
        #expect(ElementType.complex128.byteCount(3) == 48)
    }

    @Test func byteCountsThatNoMemoryHasAreNil() {
        #expect(ElementType.float32.byteCount(-1) == nil)
        #expect(ElementType.float32.byteCount(.max) == nil)
        #expect(ElementType.float64.byteCount(Int.max / 64 + 1) == nil)
        #expect(ElementType.uint8.byteCount(Int.max / 8) == Int.max / 8)
    }

    @Test func numbersOfTypesAreTheStandards() {
        #expect(ElementType(rawValue: 1) == .float32)
        #expect(ElementType(rawValue: 11) == .float64)
        #expect(ElementType(rawValue: 16) == .bfloat16)
        #expect(ElementType(rawValue: 23) == .float4e2m1)
        #expect(ElementType(rawValue: 0) == nil)
    }

    @Test func elementCountsAreChecked() {
        #expect([Int]().checkedElementCount == 1)
        #expect([2, 3, 4].checkedElementCount == 24)
        #expect([2, 0, 4].checkedElementCount == 0)
        #expect([2, -1].checkedElementCount == nil)
        #expect([0, -1].checkedElementCount == nil)
        #expect([1 << 32, 1 << 31].checkedElementCount == nil)
        #expect([1 << 31, 1 << 31].checkedElementCount == 1 << 62)
    }

    @Test func rowMajorStridesCountBackwards() {
        #expect([2, 3, 4].rowMajorStrides == [12, 4, 1])
        #expect([Int]().rowMajorStrides == [])
    }

    @Test func bfloat16RoundsToNearestTiesToEven() {
        func bits(_ pattern: UInt32) -> UInt16 { BFloat16(Float(bitPattern: pattern)).bitPattern }
        #expect(bits(0x3f80_7fff) == 0x3f80)
        #expect(bits(0x3f80_8000) == 0x3f80)
        #expect(bits(0x3f80_8001) == 0x3f81)
        #expect(bits(0x3f81_8000) == 0x3f82)
        #expect(bits(0x8000_0000) == 0x8000)
        #expect(BFloat16(1.5).float == 1.5)
    }

    @Test func bfloat16KeepsInfinitiesAndNaN() {
        #expect(BFloat16(.infinity).float == .infinity)
        #expect(BFloat16(-.infinity).float == -.infinity)
        #expect(BFloat16(.greatestFiniteMagnitude).float == .infinity)
        #expect(BFloat16(.nan).float.isNaN)
        // A NaN whose payload lies in the lower half alone stays one.
        #expect(BFloat16(Float(bitPattern: 0x7f80_0001)).float.isNaN)
    }

    @Test func pixelsArePaddedToEightChannels() {
        #expect(Layout.pixelStride(channels: 0) == 0)
        #expect(Layout.pixelStride(channels: 1) == 8)
        #expect(Layout.pixelStride(channels: 8) == 8)
        #expect(Layout.nhwc.byteCount(.float32, [1, 3, 2, 5]) == 8 * 2 * 5 * 4)
        #expect(Layout.nhwc.byteCount(.float32, [2, 9, 1, 1]) == 2 * 16 * 4)
        #expect(Layout.nhwc.byteCount(.float32, [1, 3, 2]) == nil)
        #expect(Layout.nhwc.byteCount(.float32, [1, -3, 2, 2]) == nil)
        #expect(Layout.nhwc.byteCount(.float32, [1, .max, 1, 1]) == nil)
        #expect(Layout.nhwc.byteCount(.float32, [1, 1, 1 << 40, 1 << 40]) == nil)
        #expect(Layout.plain.byteCount(.float32, [2, 3]) == 24)
        #expect(Layout("blocked") { _, _ in nil }.byteCount(.float32, [1, 1, 1, 1]) == nil)
        #expect(Layout("blocked") { _, _ in -1 }.byteCount(.float32, [1, 1, 1, 1]) == nil)
        #expect(Layout("blocked") { type, shape in shape[0] * 64 } == Layout("blocked") { _, _ in nil })
    }

    @Test func layoutConversionsAreNamedAfterBothEnds() {
        #expect(LayoutConversion.opType(from: .plain, to: .nhwc) == "ToNHWC")
        #expect(LayoutConversion.opType(from: .nhwc, to: .plain) == "FromNHWC")
    }

    @Test func valueTypesKnowTheirBytes() {
        #expect(ValueType.tensor(.int4, .fixed([3])).byteCount == 2)
        #expect(ValueType.tensor(.string, .fixed([3])).byteCount == nil)
        #expect(ValueType.tensor(.float32, .unknown).byteCount == nil)
        #expect(ValueType.sequence(.tensor(.float32, .unknown)).description == "sequence of float32 [?]")
    }
}
