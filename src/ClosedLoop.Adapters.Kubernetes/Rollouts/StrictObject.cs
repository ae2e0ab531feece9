using System.Text.Json;

namespace ClosedLoop.Adapters.Kubernetes.Rollouts;

/// <summary>
/// Reads an object of the API whose absent numbers mean something: zero is left out. So absent and unreadable must not be mixed up, or a
/// broken number would pass for a finished rollout.
/// </summary>
internal sealed class StrictObject(JsonElement json)
{
    /// <summary>Whether every member that was read so far is absent, null or of its type.</summary>
    public bool IsReadable { get; private set; } = json.ValueKind == JsonValueKind.Object;

    public long Long(string member, params ReadOnlySpan<string> path) => Number(Find(member, path), long.MinValue, long.MaxValue) ?? 0;

    public int Int(string member, params ReadOnlySpan<string> path) => (int)(Number(Find(member, path), int.MinValue, int.MaxValue) ?? 0);

    public int? IntOrNull(string member, params ReadOnlySpan<string> path) => (int?)Number(Find(member, path), int.MinValue, int.MaxValue);

    public string Text(string member, params ReadOnlySpan<string> path)
    {
        if (Find(member, path) is not { } value) return "";
        string? text = value.AsText();
        IsReadable &= text is not null;
        return text ?? "";
    }

    public bool Flag(string member, params ReadOnlySpan<string> path)
    {
        if (Find(member, path) is not { } value) return false;
        IsReadable &= value.ValueKind is JsonValueKind.True or JsonValueKind.False;
        return value.ValueKind == JsonValueKind.True;
    }

    public bool Has(string member, params ReadOnlySpan<string> path) => Find(member, path) is not null;

    /// <summary>The first condition of a type, or null.</summary>
    public JsonElement? Condition(string type)
    {
        if (Find("status", ["conditions"]) is not { } conditions) return null;
        if (conditions.ValueKind != JsonValueKind.Array)
        {
            IsReadable = false;
            return null;
        }
        foreach (var condition in conditions.EnumerateArray())
        {
            IsReadable &= condition.ValueKind == JsonValueKind.Object;
            if (condition.Text("type") == type) return condition;
        }
        return null;
    }

    private long? Number(JsonElement? found, long least, long most)
    {
        if (found is not { } value) return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number) && number >= least && number <= most) return number;
        IsReadable = false;
        return 0;
    }

    private JsonElement? Find(string member, ReadOnlySpan<string> path)
    {
        var found = Step(json, member);
        foreach (string next in path)
        {
            if (found is not { } inner) return null;
            found = Step(inner, next);
        }
        return found;
    }

    private JsonElement? Step(JsonElement element, string member)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            IsReadable = false;
            return null;
        }
        return element.Member(member);
    }
}
