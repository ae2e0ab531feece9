using System.Collections.Immutable;

namespace ClosedLoop.Lines.Git;

/// <summary>What a commit took back without declaring it.</summary>
/// <param name="Inverse">The commit whose exact opposite it is, or null.</param>
/// <param name="Lost">Commits whose content was there before it and is not there after.</param>
internal sealed record Undone(string? Inverse, ImmutableArray<string> Lost)
{
    public static Undone Nothing { get; } = new(null, []);

    public IEnumerable<string> All => Inverse is null ? Lost : Lost.Prepend(Inverse);
}
