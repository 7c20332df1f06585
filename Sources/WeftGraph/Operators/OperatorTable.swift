/// Every operator that Weft knows, by domain and name.
package enum OperatorTable {
    /// One line an operator, sorted by name.
    package static let all: [Operator] = [
        .add,
        .averagePool,
        .batchNormalization,
        .conv,
        .convTranspose,
        .dropout,
        .gemm,
        .globalAveragePool,
        .globalLpPool,
        .globalMaxPool,
        .groupNormalization,
        .hardmax,
        .identity,
        .instanceNormalization,
        .layerNormalization,
        .logSoftmax,
        .lpNormalization,
        .lpPool,
        .lrn,
        .matMul,
        .maxPool,
        .meanVarianceNormalization,
        .reduceL1,
        .reduceL2,
        .reduceLogSum,
        .reduceLogSumExp,
        .reduceMax,
        .reduceMean,
        .reduceMin,
        .reduceProd,
        .reduceSum,
        .reduceSumSquare,
        .resize,
        .rmsNormalization,
        .shape,
        .softmax,
        .upsample,
    ]

    private static let byName: [String: Operator] = {
        var table: [String: Operator] = [:]
        for schema in all { table["\(schema.domain)|\(schema.name)"] = schema }
        return table
    }()

    package static func schema(_ opType: String, domain: String = "") -> Operator? { byName["\(domain)|\(opType)"] }
}
