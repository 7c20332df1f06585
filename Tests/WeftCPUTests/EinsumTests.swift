import Testing
import WeftProvider

@Suite struct EinsumTests {
    @Test func equationsAreProductsTracesAndTransposes() throws {
        var noise = Noise(41)
        let (a, b) = (noise.doubles([2, 3, 4]), noise.doubles([2, 4, 5]))
        let product = try CaseRunner()("MatMul", [a, b])[0].doubles()
        for equation in ["bij,bjk->bik", " b i j , b j k -> b i k ", "...ij,...jk->...ik", "...ij,...jk"] {
            let y = try CaseRunner()("Einsum", [a, b], ["equation": .string(equation)])[0]
            #expect(y.shape == [2, 3, 5], "\(equation)")
            #expect(try y.distance(to: product) < 1e-12, "\(equation)")
        }
        let square = noise.doubles([3, 3])
        let values = try square.doubles()
        #expect(
            try CaseRunner()("Einsum", [square], ["equation": .string("ii")])[0].distance(to: [
                values[0] + values[4] + values[8]
            ]) < 1e-12)
        #expect(
            try CaseRunner()("Einsum", [square], ["equation": .string("ii->i")])[0].doubles() == [
                values[0], values[4], values[8],
            ])
        let turned = try CaseRunner()("Einsum", [square], ["equation": .string("ji")])[0]
        #expect(try turned.doubles() == [0, 3, 6, 1, 4, 7, 2, 5, 8].map { values[$0] })
    }

    @Test(arguments: ["ij,jk", "ijk->ij", "ij->ik", "ij->ii", "i1->i", "ij-", ""])
    func equationsThatDoNotFitAreRefused(_ equation: String) {
        var noise = Noise(42)
        let error = #expect(throws: WeftError.self) {
            try CaseRunner()("Einsum", [noise.floats([2, 3])], ["equation": .string(equation)])
        }
        #expect(error?.code == .invalidModel)
    }
}
