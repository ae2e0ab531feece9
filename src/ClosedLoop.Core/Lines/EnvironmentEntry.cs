using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>Turns what is so in an environment now into one entry of its history, so that it is known what ran before. Pure.</summary>
internal static class EnvironmentEntry
{
    private const string Attribute = "entry";

    /// <summary>Whether a fact is such an entry.</summary>
    public static bool Is(Fact fact) => fact.Attribute(Attribute) is not null;

    /// <summary>What ran. Not links: an entry belongs to no change, it counts only by the commits that ran.</summary>
    public static IEnumerable<Key> Running(Fact fact) => fact.Attribute(Attribute) is { } ran ? Keys(ran) : [];

    private static IEnumerable<Key> Keys(string ran)
    {
        foreach (string part in ran.Split('\t', StringSplitOptions.RemoveEmptyEntries))
            if (Key.TryParse(part, out var key))
                yield return key;
    }

    public static Fact Of(Fact fact)
    {
        string name = fact.Subject.Value;
        int slash = name.IndexOf('/', StringComparison.Ordinal);
        return fact with
        {
            Subject = Key.Deployment($"{name}@{fact.Ordinal}"),
            Environment = fact.Environment ?? (slash > 0 ? name[..slash] : name),
            Name = fact.Name ?? (slash > 0 ? name[(slash + 1)..] : null),
            Links = [],
            Attributes = fact.Attributes.SetItem(Attribute, string.Join('\t', fact.Links)),
        };
    }
}
