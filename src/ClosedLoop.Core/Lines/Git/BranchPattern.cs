using System.Text.RegularExpressions;

namespace ClosedLoop.Lines.Git;

/// <summary>A branch's name in which <c>*</c> stands for any characters.</summary>
internal sealed class BranchPattern
{
    private readonly Regex _regex;

    public BranchPattern(string pattern) =>
        _regex = new Regex("^" + Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal) + @"\z", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);

    public bool Matches(string branch) => _regex.IsMatch(branch);
}
