namespace ClosedLoop.Pipelines;

/// <summary>Names of repositories and gates: a name, or a beginning followed by <c>*</c>, in any case. Pure.</summary>
internal static class NamePattern
{
    public static bool Matches(string pattern, string name) =>
        pattern.EndsWith('*') ? name.AsSpan().StartsWith(pattern.AsSpan(0, pattern.Length - 1), StringComparison.OrdinalIgnoreCase) : string.Equals(pattern, name, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the only <c>*</c> of a pattern, if any, stands at its end.</summary>
    public static bool IsValid(string pattern) => !string.IsNullOrWhiteSpace(pattern) && pattern.AsSpan(0, pattern.Length - 1).IndexOf('*') < 0;

    /// <summary>Whether a name is among some patterns; no patterns mean all names.</summary>
    public static bool IsAmong(IReadOnlyCollection<string> patterns, string? name) =>
        patterns.Count == 0 || (name is not null && patterns.Any(p => Matches(p, name)));
}
