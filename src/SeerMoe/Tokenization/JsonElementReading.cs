using System.Text.Json;

namespace SeerMoe.Tokenization;

/// <summary>Tokenizer files treat an absent key and null alike; so do these.</summary>
internal static class JsonElementReading
{
    public static JsonElement? Optional(this JsonElement element, string key) =>
        element.TryGetProperty(key, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static JsonElement[] OptionalArray(this JsonElement element, string key) =>
        element.Optional(key) is { } array ? [.. array.EnumerateArray()] : [];

    public static bool Flag(this JsonElement element, string key, bool fallback) => element.Optional(key)?.GetBoolean() ?? fallback;

    public static string? Type(this JsonElement element) => element.Optional("type")?.GetString();

    public static string Text(this JsonElement element, string key) =>
        element.GetProperty(key).GetString() ?? throw new FormatException($"{key} is null.");
}
