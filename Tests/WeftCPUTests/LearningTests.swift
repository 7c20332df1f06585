import Testing
import WeftProvider

@Suite struct LearningTests {
    private let ml = CaseRunner(domain: "ai.onnx.ml")

    private func strings(_ texts: [String]) -> Value { .strings(StringTensor(texts, shape: [texts.count])) }

    @Test func labelsOfTheFirstVersionStandForTheirPositions() throws {
        let names: [String: Attribute] = ["classes_strings": .strings(["cat", "dog"]), "default_int64": .int(-7)]
        let numbers = try ml.values("LabelEncoder", [strings(["dog", "cow", "cat"])], names, opset: 1)
        #expect(try numbers[0]?.tensor?.array(as: Int64.self) == [1, -7, 0])
        let back = try ml.values("LabelEncoder", [.tensor(Tensor([1, 0, 9] as [Int64], shape: [3]))], names, opset: 1)
        guard case .strings(let texts)? = back[0] else { return #expect(Bool(false), "\(back)") }
        #expect(texts.elements == ["dog", "cat", "_Unused"])
    }

    @Test func aLabelMayBeNoNumber() throws {
        let y = try ml(
            "LabelEncoder", [Tensor([.nan, 1, 2] as [Float], shape: [3])],
            ["keys_floats": .floats([.nan, 1]), "values_floats": .floats([5, 6]), "default_float": .float(9)])[0]
        #expect(try y.doubles() == [5, 6, 9])
        #expect(throws: WeftError.self) {
            try ml(
                "LabelEncoder", [Tensor([1] as [Float], shape: [1])],
                ["keys_floats": .floats([1, 2]), "values_floats": .floats([5])])
        }
    }

    @Test func featuresAreTakenInTheOrderOfTheirIndices() throws {
        let indices = Tensor([2, 0] as [Int64], shape: [1, 2])
        let y = try ml("ArrayFeatureExtractor", [Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3]), indices])[0]
        #expect(y.shape == [2, 2])
        #expect(try y.doubles() == [3, 1, 6, 4])
        let words = try ml.values("ArrayFeatureExtractor", [strings(["a", "b", "c"]), .tensor(indices)])
        guard case .strings(let taken)? = words[0] else { return #expect(Bool(false), "\(words)") }
        #expect(taken.shape == [1, 2] && taken.elements == ["c", "a"])
    }

    @Test func featuresAreScaledAndNormalised() throws {
        let x = Tensor([3, -4, 0, 0] as [Float], shape: [2, 2])
        let scaled = try ml("Scaler", [x], ["offset": .floats([1]), "scale": .floats([2, 3])])[0]
        #expect(try scaled.doubles() == [4, -15, -2, -3])
        for (norm, expected) in [("MAX", [0.75, -1]), ("L1", [3.0 / 7, -4.0 / 7]), ("L2", [0.6, -0.8])] {
            let y = try ml("Normalizer", [x], ["norm": .string(norm)])[0]
            #expect(try y.distance(to: expected + [0, 0]) < 1e-6, "\(norm)")
        }
        #expect(try ml("Binarizer", [x], ["threshold": .float(-1)])[0].doubles() == [1, 0, 1, 1])
    }

    /// A tree that splits at 0.5 and, beyond, at 1.5; and a tree that is a leaf.
    private let forest: [String: Attribute] = [
        "n_targets": .int(1), "nodes_treeids": .ints([0, 0, 0, 0, 0, 1]), "nodes_nodeids": .ints([0, 1, 2, 3, 4, 0]),
        "nodes_featureids": .ints([0, 0, 1, 0, 0, 0]), "nodes_values": .floats([0.5, 0, 1.5, 0, 0, 0]),
        "nodes_modes": .strings(["BRANCH_LEQ", "LEAF", "BRANCH_LT", "LEAF", "LEAF", "LEAF"]),
        "nodes_truenodeids": .ints([1, 0, 3, 0, 0, 0]), "nodes_falsenodeids": .ints([2, 0, 4, 0, 0, 0]),
        "target_treeids": .ints([0, 0, 0, 1]), "target_nodeids": .ints([1, 3, 4, 0]),
        "target_ids": .ints([0, 0, 0, 0]),
        "target_weights": .floats([1, 2, 4, 100]),
    ]

    @Test func treesOfOldOperatorSetsAreFollowed() throws {
        let x = Tensor([0.5, 9, 1, 1, 1, 1.5] as [Float], shape: [3, 2])
        #expect(try ml("TreeEnsembleRegressor", [x], forest, opset: 1)[0].doubles() == [101, 102, 104])
        var average = forest
        average["aggregate_function"] = .string("AVERAGE")
        average["base_values"] = .floats([0.5])
        #expect(try ml("TreeEnsembleRegressor", [x], average, opset: 3)[0].doubles() == [51, 51.5, 52.5])
    }

    @Test func treesThatLeadNowhereAreRefused() throws {
        let x = Tensor([0.5, 9] as [Float], shape: [1, 2])
        for (name, value) in [
            ("nodes_truenodeids", Attribute.ints([1, 0, 0, 0, 0, 0])),
            ("nodes_truenodeids", .ints([9, 0, 3, 0, 0, 0])),
            ("nodes_featureids", .ints([5, 0, 1, 0, 0, 0])), ("nodes_featureids", .ints([0, 0])),
            ("target_ids", .ints([0, 1, 0, 0])),
            ("nodes_modes", .strings(["BRANCH_LEQ", "LEAF", "MAYBE", "LEAF", "LEAF", "LEAF"])),
        ] {
            var broken = forest
            broken[name] = value
            #expect(throws: WeftError.self, "\(name)") { try ml("TreeEnsembleRegressor", [x], broken, opset: 3) }
        }
    }

    @Test func missingFeaturesAreImputed() throws {
        let x = Tensor([.nan, 2, 3, .nan] as [Float], shape: [2, 2])
        let y = try ml("Imputer", [x], ["imputed_value_floats": .floats([7, 8])])[0]
        #expect(try y.doubles() == [7, 2, 3, 8])
        let whole = Tensor([-1, 2] as [Int64], shape: [1, 2])
        let known: [String: Attribute] = ["imputed_value_int64s": .ints([5]), "replaced_value_int64": .int(-1)]
        #expect(try ml("Imputer", [whole], known)[0].doubles() == [5, 2])
        #expect(throws: WeftError.self) { try ml("Imputer", [x], known) }
    }

    @Test func linearRegressionIsAProduct() throws {
        let x = Tensor([1, 2, 3, 4] as [Int64], shape: [2, 2])
        let y = try ml(
            "LinearRegressor", [x],
            ["coefficients": .floats([1, 10, 2, 20]), "intercepts": .floats([0.5, 0]), "targets": .int(2)])[0]
        #expect(try y.doubles() == [21.5, 42, 43.5, 86])
    }

    @Test func momentumMovesAgainstTheGradient() throws {
        let training = CaseRunner(domain: "ai.onnx.preview.training")
        let x = Tensor([1, 2] as [Double], shape: [2]), g = Tensor([1, -1] as [Double], shape: [2])
        let v = Tensor([0, 1] as [Double], shape: [2])
        let standard: [String: Attribute] = [
            "alpha": .float(0.5), "beta": .float(1), "norm_coefficient": .float(0), "mode": .string("standard"),
        ]
        let inputs: [Tensor?] = [Tensor(scalar: 0.5), Tensor(scalar: Int64(0)), x, g, v]
        let y = try training("Momentum", inputs, standard, outputs: 2, opset: 1)
        #expect(try y[0].doubles() == [0.5, 2.25])
        #expect(try y[1].doubles() == [1, -0.5])
        var wrong = standard
        wrong["mode"] = .string("sideways")
        #expect(throws: WeftError.self) { try training("Momentum", inputs, wrong, outputs: 2, opset: 1) }
    }
}
