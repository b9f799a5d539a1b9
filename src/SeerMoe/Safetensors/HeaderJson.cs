using System.Collections.Immutable;
using System.Text.Json;

namespace SeerMoe.Safetensors;

/// <summary>
/// Reads the JSON of a header strictly, one tensor at a time; what stands between tensors is for <see cref="SafetensorsHeader"/> to judge.
/// <code>
/// {"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}
/// </code>
/// A token reader, because a document model would let the second of two equal names win in silence.
/// </summary>
internal ref struct HeaderJson
{
    public const string MetadataKey = "__metadata__";

    private readonly string _path;
    private readonly long _dataStart;
    private readonly long _dataLength;
    private Utf8JsonReader _reader;

    private HeaderJson(ReadOnlySpan<byte> json, string path, long dataStart, long dataLength)
    {
        (_path, _dataStart, _dataLength) = (path, dataStart, dataLength);
        _reader = new Utf8JsonReader(json);
    }

    /// <summary>The tensors in the order of the header, and the metadata.</summary>
    public static (List<TensorEntry> Tensors, Dictionary<string, string> Metadata) Parse(ReadOnlySpan<byte> json, string path, long dataStart, long dataLength)
    {
        try
        {
            return new HeaderJson(json, path, dataStart, dataLength).Header();
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // InvalidOperationException is what the reader throws for text that is no Unicode: a lone surrogate as \ud800.
            throw Damage.In(path, $"The header is not valid JSON: {error.Message}", error);
        }
    }

    private (List<TensorEntry> Tensors, Dictionary<string, string> Metadata) Header()
    {
        var tensors = new List<TensorEntry>();
        var names = new HashSet<string>();
        Dictionary<string, string>? metadata = null;

        Expect(JsonTokenType.StartObject, "The header is not a JSON object.");
        while (Next() == JsonTokenType.PropertyName)
        {
            var name = _reader.GetString()!;
            if (!names.Add(name))
            {
                throw Damage.In(_path, $"The header names {Damage.Quoted(name)} twice.");
            }

            if (name == MetadataKey)
            {
                metadata = Metadata();
            }
            else
            {
                tensors.Add(Tensor(name));
            }
        }

        Next(); // throws for anything but white space behind the object
        return (tensors, metadata ?? []);
    }

    private Dictionary<string, string> Metadata()
    {
        var metadata = new Dictionary<string, string>();
        Expect(JsonTokenType.StartObject, $"{MetadataKey} is not an object.");
        while (Next() == JsonTokenType.PropertyName)
        {
            var key = _reader.GetString()!;
            Expect(JsonTokenType.String, $"{MetadataKey} holds something else than text under {Damage.Quoted(key)}.");
            if (!metadata.TryAdd(key, _reader.GetString()!))
            {
                throw Damage.In(_path, $"{MetadataKey} names {Damage.Quoted(key)} twice.");
            }
        }

        return metadata;
    }

    private TensorEntry Tensor(string name)
    {
        var tensor = $"Tensor {Damage.Quoted(name)}";
        DType? dtype = null;
        ImmutableArray<long>? shape = null;
        ImmutableArray<long>? offsets = null;

        Expect(JsonTokenType.StartObject, $"{tensor} is not described by an object.");
        while (Next() == JsonTokenType.PropertyName)
        {
            var key = _reader.GetString()!;
            switch (key)
            {
                case "dtype" when dtype is null:
                    dtype = ElementType(tensor);
                    break;
                case "shape" when shape is null:
                    shape = Numbers(tensor, key);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = Numbers(tensor, key);
                    break;
                case "dtype" or "shape" or "data_offsets":
                    throw Damage.In(_path, $"{tensor} has two entries '{key}'.");
                default:
                    _reader.Skip();
                    break;
            }
        }

        return dtype is { } d && shape is { } s && offsets is { } o
            ? Entry(tensor, new TensorSpec(name, d, s), o)
            : throw Damage.In(_path, $"{tensor} lacks one of dtype, shape and data_offsets.");
    }

    private DType ElementType(string tensor)
    {
        Expect(JsonTokenType.String, $"{tensor} has a dtype that is not text.");
        var code = _reader.GetString()!;
        return DTypes.TryParse(code, out var dtype)
            ? dtype
            : throw new InputException($"{tensor} has dtype {Damage.Quoted(code)}, which is not known here.", _path, $"Known dtypes: {string.Join(", ", DTypes.Codes)}.");
    }

    private ImmutableArray<long> Numbers(string tensor, string key)
    {
        var what = $"{tensor} has a {key} that is not a list of whole numbers from 0 to 2^63-1.";
        Expect(JsonTokenType.StartArray, what);
        var numbers = ImmutableArray.CreateBuilder<long>();
        while (Next() != JsonTokenType.EndArray)
        {
            if (_reader.TokenType != JsonTokenType.Number || !_reader.TryGetInt64(out var number) || number < 0)
            {
                throw Damage.In(_path, what);
            }

            numbers.Add(number);
        }

        return numbers.DrainToImmutable();
    }

    private readonly TensorEntry Entry(string tensor, TensorSpec spec, ImmutableArray<long> offsets)
    {
        if (offsets is not [var begin, var end])
        {
            throw Damage.In(_path, $"{tensor} has {offsets.Length} data_offsets instead of a begin and an end.");
        }

        if (begin > end)
        {
            throw Damage.In(_path, $"{tensor} begins at data byte {begin}, behind its end {end}.");
        }

        if (end > _dataLength)
        {
            throw Damage.In(_path, $"{tensor} ends at data byte {end}, but the file holds only {_dataLength} bytes of data: it is cut off.");
        }

        if (ByteCount(tensor, spec) is var bytes && bytes != end - begin)
        {
            throw Damage.In(_path, $"{tensor} needs {bytes} bytes for {spec.DType.Code()} [{string.Join(", ", spec.Shape.Take(8))}], but has {end - begin}.");
        }

        return new TensorEntry(spec, _dataStart + begin, end - begin);
    }

    private readonly long ByteCount(string tensor, TensorSpec spec)
    {
        try
        {
            return spec.ByteCount;
        }
        catch (OverflowException error)
        {
            throw Damage.In(_path, $"{tensor} has a shape of more than 2^63 bytes.", error);
        }
    }

    private void Expect(JsonTokenType token, string otherwise)
    {
        if (Next() != token)
        {
            throw Damage.In(_path, otherwise);
        }
    }

    private JsonTokenType Next() => _reader.Read() ? _reader.TokenType : JsonTokenType.None;
}
