using System.Globalization;
using System.Text;
using ClosedLoop.Lines;

namespace ClosedLoop.Adapters.GitHub.GraphQl;

/// <summary>
/// The text of the document that reads lines' history: for each line where it stands (<c>l0</c>, when the line has a name) and one page of
/// commits (within that, or as <c>h0</c> from a given commit on). Valid against GitHub's published schema; see <see cref="GraphQlDocument"/> for what is put into it.
/// </summary>
internal static class GraphQlHistoryDocument
{
    /// <summary>The commits of one page. GitHub lists those of merged branches among them.</summary>
    public const int PageSize = 100;

    /// <summary>The commits read of a line that moved since the last look: each commit costs a hundredth of a point, and few land in a minute. What is older is a gap, which is read by full pages.</summary>
    public const int MovedPageSize = 25;

    /// <param name="pageSize">The commits of each line.</param>
    /// <param name="lines">Whose history to read; repositories in lower case, commits checked.</param>
    /// <param name="withMessages">False leaves the commits' messages out, which alone can be of any size.</param>
    public static string Of(IReadOnlyList<LineGap> lines, bool withMessages, int pageSize = PageSize)
    {
        var text = new StringBuilder("query ClosedLoopHistory {\n  rateLimit { cost remaining resetAt }\n");
        int repository = 0, line = 0;
        foreach (var group in lines.GroupBy(static l => l.Repository, StringComparer.Ordinal))
        {
            GraphQlDocument.OpenRepository(text, repository++, group.Key);
            text.Append("    defaultBranchRef { name }\n");
            foreach (var gap in group)
            {
                string history = gap.From is null ? " ...history" : "";
                if (gap.Branch.Length > 0) text.Append(CultureInfo.InvariantCulture, $"    l{line}: ref(qualifiedName: {GraphQlDocument.Quote("refs/heads/" + gap.Branch)}) {{ target {{ oid{history} }} }}\n");
                if (gap.From is not null) text.Append(CultureInfo.InvariantCulture, $"    h{line}: object(oid: \"{gap.From}\") {{ oid ...history }}\n");
                line++;
            }
            text.Append("  }\n");
        }
        string message = withMessages ? " message" : "";
        text.Append("}\n").Append(CultureInfo.InvariantCulture, $"fragment history on Commit {{\n  history(first: {pageSize}) {{ nodes {{ oid committedDate{message} parents(first: 100) {{ totalCount nodes {{ oid }} }} }} }}\n}}\n");
        return text.ToString();
    }
}
