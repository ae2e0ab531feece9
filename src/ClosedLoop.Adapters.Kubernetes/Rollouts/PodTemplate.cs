using System.Text.Json;

namespace ClosedLoop.Adapters.Kubernetes.Rollouts;

/// <summary>Compares pod templates as the controllers do. Pure.</summary>
internal static class PodTemplate
{
    public const string HashLabel = "pod-template-hash";

    private const string PatchDirective = "$patch";
    private const string Root = "template";

    // Deeper than any template; what nests deeper is not one.
    private const int MaxDepth = 64;

    // Written by the API as {} where nothing is set, or left out: they hold no choice of their own, unlike securityContext or emptyDir.
    private static readonly HashSet<string> EmptyIsAbsent = new(StringComparer.Ordinal)
    {
        "metadata", "labels", "annotations", "nodeSelector", "resources", "limits", "requests", "overhead", "matchLabels",
    };

    /// <summary>Whether two templates are equal but for the label <c>pod-template-hash</c>. An absent template equals nothing.</summary>
    public static bool EqualIgnoringHash(JsonElement? left, JsonElement? right) => AreEqual(left, right, new("labels", HashLabel));

    /// <summary>Whether a ControllerRevision's template, which is written as a patch, is the workload's own. An absent template equals nothing.</summary>
    public static bool EqualsRevision(JsonElement? revision, JsonElement? template) => AreEqual(revision, template, new(Root, PatchDirective));

    private static bool AreEqual(JsonElement? left, JsonElement? right, Ignored ignored) =>
        left is { ValueKind: JsonValueKind.Object } a && right is { ValueKind: JsonValueKind.Object } b && AreEqual(a, b, Root, ignored, 0);

    private static bool AreEqual(JsonElement left, JsonElement right, string name, Ignored ignored, int depth)
    {
        if (left.ValueKind != right.ValueKind || depth > MaxDepth) return false;
        switch (left.ValueKind)
        {
            case JsonValueKind.Object:
                return Covers(left, right, name, ignored, depth) && Covers(right, left, name, ignored, depth);
            case JsonValueKind.Array:
                if (left.GetArrayLength() != right.GetArrayLength()) return false;
                using (var a = left.EnumerateArray())
                using (var b = right.EnumerateArray())
                    while (a.MoveNext() && b.MoveNext())
                        if (!AreEqual(a.Current, b.Current, name, ignored, depth + 1))
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

    private static bool Covers(JsonElement left, JsonElement right, string name, Ignored ignored, int depth)
    {
        foreach (var member in left.EnumerateObject())
        {
            if (ignored.Is(name, member)) continue;
            if (right.TryGetProperty(member.Name, out var other) && !IsAbsent(member.Name, other, ignored))
            {
                if (!AreEqual(member.Value, other, member.Name, ignored, depth + 1)) return false;
            }
            else if (!IsAbsent(member.Name, member.Value, ignored)) return false;
        }
        return true;
    }

    private static bool IsAbsent(string name, JsonElement value, Ignored ignored) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        JsonValueKind.Object when EmptyIsAbsent.Contains(name) => value.EnumerateObject().All(m => ignored.Is(name, m) || IsAbsent(m.Name, m.Value, ignored)),
        _ => false,
    };

    // The one member that does not count, and where.
    private readonly record struct Ignored(string Parent, string Name)
    {
        public bool Is(string parent, JsonProperty member) => parent == Parent && member.NameEquals(Name);
    }
}
