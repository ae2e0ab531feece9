using System.Collections.Immutable;
using System.Globalization;
using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>
/// The paths that a landing changed, kept in its fact's attributes for path policies. A list that does not fit is kept as "not all
/// known", and then no path policy applies: a gate is never skipped on half a list. Pure.
/// </summary>
public static class ChangedPaths
{
    /// <summary>Parts of the list beyond this many are not kept.</summary>
    public const int MaxParts = 16;

    private const int PartCharacters = 900;
    private const string Truncated = FactAttributes.Paths + ".truncated";

    /// <summary>Adds a list of paths to attributes.</summary>
    /// <param name="attributes">The attributes of a <see cref="FactKinds.Landing"/> fact.</param>
    /// <param name="paths">Paths with forward slashes, relative to the repository's root.</param>
    /// <param name="complete">False when the source itself cut the list.</param>
    public static ImmutableSortedDictionary<string, string> Write(ImmutableSortedDictionary<string, string> attributes, IEnumerable<string> paths, bool complete = true)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        ArgumentNullException.ThrowIfNull(paths);
        var parts = new List<string>();
        string part = "";
        foreach (string path in paths.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (path.Length is 0 or > PartCharacters || path.Contains('\n', StringComparison.Ordinal))
            {
                complete = false;
                continue;
            }
            if (part.Length + 1 + path.Length > PartCharacters)
            {
                parts.Add(part);
                part = "";
            }
            part = part.Length == 0 ? path : $"{part}\n{path}";
        }
        if (part.Length > 0) parts.Add(part);
        if (parts.Count > MaxParts) complete = false;
        for (int i = 0; i < Math.Min(parts.Count, MaxParts); i++)
            attributes = attributes.SetItem(string.Create(CultureInfo.InvariantCulture, $"{FactAttributes.Paths}.{i:D2}"), parts[i]);
        return complete ? attributes : attributes.SetItem(Truncated, "true");
    }

    /// <summary>Reads the paths of a fact; null when none or not all are known.</summary>
    public static IReadOnlyList<string>? Read(Fact fact)
    {
        ArgumentNullException.ThrowIfNull(fact);
        if (fact.Attribute(Truncated) is not null) return null;
        var paths = new List<string>();
        foreach (var (name, value) in fact.Attributes)
            if (name.StartsWith(FactAttributes.Paths + ".", StringComparison.Ordinal))
                paths.AddRange(value.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        return paths.Count == 0 ? null : paths;
    }
}
