using System.Text;
using System.Text.Json.Nodes;

namespace ClosedLoop.Adapters.GitHub.Tests;

/// <summary>Makes hostile variants of valid payloads, the same ones for the same random.</summary>
internal static class Mutation
{
    private static readonly Func<JsonNode?>[] Odd =
    [
        static () => null,
        static () => JsonValue.Create(""),
        static () => JsonValue.Create(-1),
        static () => JsonValue.Create(long.MaxValue),
        static () => JsonValue.Create(1e300),
        static () => JsonValue.Create(true),
        static () => JsonValue.Create("\u0000\u202e💥"),
        static () => JsonValue.Create(new string('x', 5000)),
        static () => JsonValue.Create("0001-01-01T00:00:00Z"),
        static () => JsonValue.Create("9999-12-31T23:59:59.9999999+14:00"),
        static () => JsonValue.Create("../../etc/passwd"),
        static () => JsonValue.Create("acme/web\") { id } #"),
        static () => new JsonArray(new JsonObject(), null, 1),
        static () => new JsonObject { ["nodes"] = new JsonArray(1, null) },
    ];

    /// <summary>Some bytes changed, doubled, left out or cut off.</summary>
    public static byte[] Bytes(byte[] body, Random random)
    {
        var bytes = body.ToList();
        for (int changes = random.Next(1, 6); changes > 0 && bytes.Count > 0; changes--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes.RemoveAt(at); break;
                case 2: bytes.Insert(at, bytes[at]); break;
                default: if (random.Next(8) == 0) bytes.RemoveRange(at, bytes.Count - at); break;
            }
        }
        return [.. bytes];
    }

    /// <summary>Some values replaced by values of another kind, or left out.</summary>
    public static byte[] Values(byte[] body, Random random)
    {
        var root = JsonNode.Parse(body)!;
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            var places = new List<Action>();
            Places(root, random, places);
            if (places.Count > 0) places[random.Next(places.Count)]();
        }
        return Encoding.UTF8.GetBytes(root.ToJsonString());
    }

    private static void Places(JsonNode? node, Random random, List<Action> places)
    {
        if (node is JsonObject members)
        {
            foreach (string name in members.Select(static m => m.Key).ToList())
            {
                places.Add(() => members[name] = Odd[random.Next(Odd.Length)]());
                places.Add(() => members.Remove(name));
                Places(members[name], random, places);
            }
        }
        else if (node is JsonArray items)
        {
            for (int i = 0; i < items.Count; i++)
            {
                int at = i;
                places.Add(() => items[at] = Odd[random.Next(Odd.Length)]());
                Places(items[i], random, places);
            }
        }
    }
}
