using System.Text.Json;

namespace ClosedLoop.Adapters.Kubernetes.Rollouts;

/// <summary>Compares pod templates as the Deployment controller does. Pure.</summary>
internal static class PodTemplate
{
    public const string HashLabel = "pod-template-hash";

    // Deeper than any template; what nests deeper is not one.
    private const int MaxDepth = 64;

    // Written by the API as {} where nothing is set, or left out: they hold no choice of their own, unlike securityContext or emptyDir.
    private static readonly HashSet<string> EmptyIsAbsent = new(StringComparer.Ordinal)
    {
        "metadata", "labels", "annotations", "nodeSelector", "resources", "limits", "requests", "overhead", "matchLabels",
    };

    /// <summary>Whether two templates are equal but for the label <c>pod-template-hash</c>. An absent template equals nothing.</summary>
    public static bool EqualIgnoringHash(JsonElement? left, JsonElement? right) =>
        left is { ValueKind: JsonValueKind.Object } a && right is { ValueKind: JsonValueKind.Object } b && AreEqual(a, b, "template", 0);

    private static bool AreEqual(JsonElement left, JsonElement right, string name, int depth)
    {
        if (left.ValueKind != right.ValueKind || depth > MaxDepth) return false;
        switch (left.ValueKind)
        {
            case JsonValueKind.Object:
                return Covers(left, right, name, depth) && Covers(right, left, name, depth);
            case JsonValueKind.Array:
                if (left.GetArrayLength() != right.GetArrayLength()) return false;
                using (var a = left.EnumerateArray())
                using (var b = right.EnumerateArray())
                    while (a.MoveNext() && b.MoveNext())
                        if (!AreEqual(a.Current, b.Current, name, depth + 1))
                            return false;
                return true;
            case JsonValueKind.String:
                return left.AsText() is { } text && text == right.AsText();
            case JsonValueKind.Number:
                return left.GetRawText() == right.GetRawText();
            default:
                return true;
        }
    }

    private static bool Covers(JsonElement left, JsonElement right, string name, int depth)
    {
        foreach (var member in left.EnumerateObject())
        {
            if (name == "labels" && member.NameEquals(HashLabel)) continue;
            if (right.TryGetProperty(member.Name, out var other) && !IsAbsent(member.Name, other))
            {
                if (!AreEqual(member.Value, other, member.Name, depth + 1)) return false;
            }
            else if (!IsAbsent(member.Name, member.Value)) return false;
        }
        return true;
    }

    private static bool IsAbsent(string name, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object when EmptyIsAbsent.Contains(name) => value.EnumerateObject().All(m => (name == "labels" && m.NameEquals(HashLabel)) || IsAbsent(m.Name, m.Value)),
        _ => false,
    };
}
