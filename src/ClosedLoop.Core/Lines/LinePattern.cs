namespace ClosedLoop.Lines;

/// <summary>Names of branches: a name, or a beginning followed by <c>*</c>.</summary>
internal static class LinePattern
{
    public static bool Matches(string pattern, string branch) =>
        pattern.EndsWith('*') ? branch.StartsWith(pattern[..^1], StringComparison.Ordinal) : string.Equals(pattern, branch, StringComparison.Ordinal);
}
