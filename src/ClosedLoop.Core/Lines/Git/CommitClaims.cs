using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace ClosedLoop.Lines.Git;

/// <summary>What a commit's message declares, in the forms that git itself writes.</summary>
/// <param name="Reverts">The ids it says to revert; whole or short, lower case.</param>
/// <param name="Picks">The ids it says to be a cherry-pick of.</param>
internal sealed partial record CommitClaims(ImmutableArray<string> Reverts, ImmutableArray<string> Picks)
{
    public static CommitClaims None { get; } = new([], []);

    public bool IsEmpty => Reverts.IsEmpty && Picks.IsEmpty;

    /// <summary>Reads a message. A quoted line (<c>&gt; This reverts …</c>) tells of another commit and declares nothing.</summary>
    public static CommitClaims Parse(string message)
    {
        if (!message.Contains("commit ", StringComparison.Ordinal)) return None;
        var reverts = Find(RevertLine(), message);
        var picks = Find(PickLine(), message);
        return reverts.IsEmpty && picks.IsEmpty ? None : new CommitClaims(reverts, picks);
    }

    private static ImmutableArray<string> Find(Regex regex, string message) =>
        [.. regex.Matches(message).Select(static m => m.Groups["id"].Value).Distinct(StringComparer.Ordinal)];

    // The revert of a merge goes on: "This reverts commit A, reversing\nchanges made to B."
    [GeneratedRegex(@"^[ \t]*This reverts commit (?<id>[0-9a-f]{7,64})(?:[.,\s]|$)", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex RevertLine();

    [GeneratedRegex(@"^[ \t]*\(cherry picked from commit (?<id>[0-9a-f]{7,64})\)[ \t\r]*$", RegexOptions.Multiline | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PickLine();
}
