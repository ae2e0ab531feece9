using System.Globalization;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.GitHub.GraphQl;

/// <summary>One thing to read: a pull request by number, a commit by id, or where a repository's lines stand.</summary>
/// <param name="Repository"><c>owner/name</c>, in lower case.</param>
/// <param name="Number">The pull request's number, or null.</param>
/// <param name="Commit">The full commit id, or null.</param>
internal readonly record struct GraphQlSubject(string Repository, long? Number, string? Commit)
{
    /// <summary>Whether it is the heads of the repository's lines with their checks, and the repository's newest deployments.</summary>
    public bool IsLines => Number is null && Commit is null;

    /// <summary>Its name in messages.</summary>
    public string Label => Number is { } number ? Key.PullRequest(Repository, number).ToString() : Commit is { } commit ? Key.Commit(Repository, commit).ToString() : $"the branches of {Repository}";

    /// <summary>The lines of a repository.</summary>
    public static GraphQlSubject Lines(string repository) => new(repository, null, null);

    /// <summary>Reads a key of scheme <c>pr</c> or <c>commit</c>. Nothing is taken that could change the text of a query.</summary>
    public static bool TryParse(Key key, out GraphQlSubject subject)
    {
        subject = default;
        string value = key.Value;
        int mark = value.LastIndexOf(key.Is(KeySchemes.PullRequest) ? '#' : '@');
        if (mark <= 0 || !RepositoryName.IsValid(value[..mark])) return false;
        string rest = value[(mark + 1)..];
        if (key.Is(KeySchemes.PullRequest) && int.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0)
            subject = new(value[..mark], number, null);
        else if (key.Is(KeySchemes.Commit) && KeyText.IsCommit(rest)) subject = new(value[..mark], null, rest);
        else return false;
        return true;
    }
}
