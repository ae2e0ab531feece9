using System.Collections.Immutable;
using System.Globalization;

namespace ClosedLoop.Lines.Git;

/// <summary>Reads which branches and candidates the clone has.</summary>
internal sealed class RefReader(GitCloneSettings settings, GitRepository repository)
{
    private const string Format = "--format=%(objecttype) %(objectname) %(symref) %(refname)";
    private const string OwnBranches = "refs/heads/";

    /// <summary>The lines in the order of <see cref="GitCloneOptions.Branches"/>, those of one pattern by name.</summary>
    public async Task<ImmutableArray<BranchHead>> LinesAsync(CancellationToken cancellationToken)
    {
        string remote = $"refs/remotes/{settings.Remote}/";
        var heads = repository.IsBare ? [] : await ListAsync([remote], cancellationToken).ConfigureAwait(false);
        string prefix = heads.Count > 0 ? remote : OwnBranches;
        if (heads.Count == 0) heads = await ListAsync([OwnBranches], cancellationToken).ConfigureAwait(false);
        var named = heads.Select(h => new BranchHead(h.Name[prefix.Length..], h.Name, h.Sha)).OrderBy(static l => l.Branch, StringComparer.Ordinal).ToList();
        var lines = ImmutableArray.CreateBuilder<BranchHead>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pattern in settings.Branches)
            lines.AddRange(named.Where(l => pattern.Matches(l.Branch) && taken.Add(l.Branch)));
        return lines.ToImmutable();
    }

    /// <summary>The candidates, newest commit first.</summary>
    public async Task<ImmutableArray<RefHead>> CandidatesAsync(CancellationToken cancellationToken)
    {
        if (settings.CandidateRefs.IsEmpty) return [];
        string count = settings.MaxCandidates.ToString(CultureInfo.InvariantCulture);
        return [.. await ListAsync(["--sort=-committerdate", $"--count={count}", .. settings.CandidateRefs], cancellationToken).ConfigureAwait(false)];
    }

    private async Task<List<RefHead>> ListAsync(string[] arguments, CancellationToken cancellationToken)
    {
        // The patterns begin with refs/, so none is an option.
        var answer = await repository.Git.ReadAsync(new GitCall(["for-each-ref", Format, .. arguments]), cancellationToken).ConfigureAwait(false);
        var refs = new List<RefHead>();
        foreach (string line in answer.Lines)
        {
            // A symbolic ref, such as a remote's HEAD, is another ref's second name.
            if (line.Split(' ', 4) is ["commit", { } sha, "", { } name] && repository.IsId(sha)) refs.Add(new RefHead(name, sha));
        }
        return refs;
    }
}
