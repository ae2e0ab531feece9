using ClosedLoop.Facts;

namespace ClosedLoop.Lines;

/// <summary>Reads whether a version is marked bad.</summary>
internal static class Vetoes
{
    /// <summary>Whether one of the versions that an entry runs is marked bad.</summary>
    public static async ValueTask<bool> IsVetoedAsync(LineIndex index, string repository, LevelEntry entry)
    {
        foreach (string sha in entry.Commits)
            if (await IsVetoedAsync(index, new CommitId(repository, sha)).ConfigureAwait(false))
                return true;
        return false;
    }

    /// <summary>Of all vetoes and releases of a commit or an image of it, the latest speaks.</summary>
    public static async ValueTask<bool> IsVetoedAsync(LineIndex index, CommitId commit)
    {
        string prefix = LineKeys.Veto(commit.Repository, commit.Sha, "");
        EvidenceRow? latest = null;
        foreach (var row in await index.ScanAsync(LineKeys.Under(prefix)).ConfigureAwait(false))
        {
            var veto = EvidenceRow.Read(row.Key[prefix.Length..], row.Value);
            if (veto.Status is GateStatus.Failed or GateStatus.Passed && (latest is null || (veto.At, veto.Register).CompareTo((latest.At, latest.Register)) > 0)) latest = veto;
        }
        return latest?.Status == GateStatus.Failed;
    }
}
