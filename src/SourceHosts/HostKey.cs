using System.Globalization;
using ClosedLoop.Adapters.GitHub;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.SourceHosts;

/// <summary>Takes keys apart. Pure.</summary>
internal static class HostKey
{
    public static bool TryChange(Key key, int minSegments, int maxSegments, out string repository, out long number)
    {
        (repository, number) = ("", 0);
        int mark = key.Value.LastIndexOf('#');
        if (!key.Is(KeySchemes.PullRequest) || mark < 0 || !long.TryParse(key.Value.AsSpan(mark + 1), NumberStyles.None, CultureInfo.InvariantCulture, out number) || number is <= 0 or > int.MaxValue) return false;
        repository = key.Value[..mark];
        return RepositoryPath.IsValid(repository, minSegments, maxSegments);
    }

    public static bool TryCommit(Key key, int minSegments, int maxSegments, out string repository, out string sha)
    {
        (repository, sha) = ("", "");
        int mark = key.Value.LastIndexOf('@');
        if (!key.Is(KeySchemes.Commit) || mark < 0) return false;
        (repository, sha) = (key.Value[..mark], key.Value[(mark + 1)..]);
        return KeyText.IsCommit(sha) && RepositoryPath.IsValid(repository, minSegments, maxSegments);
    }
}
