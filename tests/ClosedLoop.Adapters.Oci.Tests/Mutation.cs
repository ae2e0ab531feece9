using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClosedLoop.Adapters.Oci.Tests;

/// <summary>Changes valid payloads, byte by byte or value by value.</summary>
internal static class Mutation
{
    private static readonly string[] Texts =
        ["", " ", "null", "sha256:", "sha256:" + new string('z', 64), new string('a', 5000), "\u0000", "../..", "https://evil.example/x", "2026-13-45T99:99:99Z", "9999-12-31T23:59:59.9999999-14:00", "\\ud800", "💥"];

    public static byte[] Of(byte[] body, Random random) => random.Next(3) switch
    {
        0 => Bytes(body, random),
        1 => Values(body, random),
        _ => Bytes(Values(body, random), random),
    };

    private static byte[] Bytes(byte[] body, Random random)
    {
        byte[] changed = [.. body];
        for (int i = random.Next(1, 6); i > 0 && changed.Length > 0; i--) changed[random.Next(changed.Length)] = (byte)random.Next(256);
        return random.Next(10) == 0 ? changed[..random.Next(changed.Length)] : changed;
    }

    private static byte[] Values(byte[] body, Random random)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(body);
        }
        catch (JsonException)
        {
            return body;
        }
        for (int i = random.Next(1, 4); i > 0; i--)
        {
            var places = Places(root).ToList();
            if (places.Count == 0) break;
            var place = places[random.Next(places.Count)];
            JsonNode? value = random.Next(8) switch
            {
                0 => null,
                1 => JsonValue.Create(random.NextInt64(long.MinValue, long.MaxValue)),
                2 => new JsonObject(),
                3 => new JsonArray(null, new JsonObject(), 1),
                4 => JsonValue.Create(true),
                5 => JsonNode.Parse("1e400"),
                _ => JsonValue.Create(Texts[random.Next(Texts.Length)]),
            };
            if (place.Parent is JsonObject o)
            {
                if (random.Next(5) == 0) o.Remove(place.Name!);
                else o[place.Name!] = value;
            }
            else if (place.Parent is JsonArray a) a[place.At] = value;
        }
        string text = root!.ToJsonString();
        // Half a surrogate pair, which a serializer does not write.
        return Encoding.UTF8.GetBytes(random.Next(6) == 0 ? text.Replace("acme/web", "\\ud800", StringComparison.Ordinal) : text);
    }

    private static IEnumerable<(JsonNode Parent, string? Name, int At)> Places(JsonNode? node)
    {
        if (node is JsonObject o)
        {
            foreach (var (name, value) in o.ToList())
            {
                yield return (o, name, 0);
                foreach (var place in Places(value)) yield return place;
            }
        }
        else if (node is JsonArray a)
        {
            for (int i = 0; i < a.Count; i++)
            {
                yield return (a, null, i);
                foreach (var place in Places(a[i])) yield return place;
            }
        }
    }
}
