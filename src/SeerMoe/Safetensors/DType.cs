namespace SeerMoe.Safetensors;

/// <summary>The element types of the safetensors format that have whole bytes.</summary>
public enum DType
{
    Float64,
    Float32,
    Float16,
    BFloat16,
    Float8E4M3,
    Float8E5M2,
    Float8E8M0,
    Int64,
    Int32,
    Int16,
    Int8,
    UInt64,
    UInt32,
    UInt16,
    UInt8,
    Bool,
}

/// <summary>Names and sizes of <see cref="DType"/>.</summary>
public static class DTypes
{
    // code in the file, element type, bytes an element
    private static readonly (string Code, DType DType, int Bytes)[] Table =
    [
        ("F64", DType.Float64, 8),
        ("F32", DType.Float32, 4),
        ("F16", DType.Float16, 2),
        ("BF16", DType.BFloat16, 2),
        ("F8_E4M3", DType.Float8E4M3, 1),
        ("F8_E5M2", DType.Float8E5M2, 1),
        ("F8_E8M0", DType.Float8E8M0, 1),
        ("I64", DType.Int64, 8),
        ("I32", DType.Int32, 4),
        ("I16", DType.Int16, 2),
        ("I8", DType.Int8, 1),
        ("U64", DType.UInt64, 8),
        ("U32", DType.UInt32, 4),
        ("U16", DType.UInt16, 2),
        ("U8", DType.UInt8, 1),
        ("BOOL", DType.Bool, 1),
    ];

    /// <summary>Every name, in the order of the table.</summary>
    public static IEnumerable<string> Codes => Table.Select(row => row.Code);

    public static bool TryParse(string code, out DType dtype)
    {
        foreach (var row in Table)
        {
            if (row.Code == code)
            {
                dtype = row.DType;
                return true;
            }
        }

        dtype = default;
        return false;
    }

    /// <summary>The name in a safetensors header: "BF16".</summary>
    public static string Code(this DType dtype) => Array.Find(Table, row => row.DType == dtype).Code;

    /// <summary>Bytes an element.</summary>
    public static int Bytes(this DType dtype) => Array.Find(Table, row => row.DType == dtype).Bytes;
}
