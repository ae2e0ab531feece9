using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;

namespace ClosedLoop.Lines.Git;

/// <summary>Reads the lines' newest history and remembers where each line stood before, to see what a forced push took from it.</summary>
internal sealed class LineTracker(GitCloneSettings settings)
{
    private const int MaxFormerHeads = 50;

    private readonly Dictionary<string, List<string>> _formerHeads = new(StringComparer.Ordinal);
    private ImmutableArray<LineView> _lines = [];

    /// <summary>Reads the lines; those that have not moved keep their window.</summary>
    public async Task<ImmutableArray<LineView>> UpdateAsync(GitRepository repository, ImmutableArray<BranchHead> heads, CancellationToken cancellationToken)
    {
        if (_lines.Select(static l => l.Head).SequenceEqual(heads)) return _lines;
        var before = _lines.ToDictionary(static l => l.Head.Branch, StringComparer.Ordinal);
        var lines = ImmutableArray.CreateBuilder<LineView>(heads.Length);
        for (int i = 0; i < heads.Length; i++)
        {
            var head = heads[i];
            var known = before.GetValueOrDefault(head.Branch);
            bool moved = known?.Head.Sha != head.Sha;
            var window = moved ? await WindowAsync(repository, head.Sha, cancellationToken).ConfigureAwait(false) : known!.Window;
            lines.Add(new LineView
            {
                Head = head,
                Window = window,
                // A line before it may have moved and have its commits now.
                Own = await OwnAsync(repository, head.Sha, heads[..i], window, cancellationToken).ConfigureAwait(false),
                Detached = moved ? await DetachedAsync(repository, head, known?.Head.Sha, cancellationToken).ConfigureAwait(false) : known!.Detached,
            });
        }
        return _lines = lines.ToImmutable();
    }

    private async Task<ImmutableArray<LineCommit>> WindowAsync(GitRepository repository, string head, CancellationToken cancellationToken)
    {
        var commits = await new CommitReader(repository).ReadAsync(settings.Window, firstParent: true, [head], cancellationToken).ConfigureAwait(false);
        // A shallow clone's last commit looks like the beginning of all, and its patch like the whole tree.
        return [.. commits.TakeWhile(c => !repository.Cut.Contains(c.Sha))];
    }

    private async Task<FrozenSet<string>> OwnAsync(
        GitRepository repository, string head, ImmutableArray<BranchHead> earlier, ImmutableArray<LineCommit> window, CancellationToken cancellationToken)
    {
        if (earlier.IsEmpty) return window.Select(static c => c.Sha).ToFrozenSet(StringComparer.Ordinal);
        string count = string.Create(CultureInfo.InvariantCulture, $"--max-count={settings.Window}");
        var call = new GitCall("rev-list", "--first-parent", "--exclude-first-parent-only", count, "--stdin")
        {
            Input = GitInput.Lines([head, .. earlier.Select(static l => "^" + l.Sha)]),
        };
        return (await repository.Git.ReadAsync(call, cancellationToken).ConfigureAwait(false)).Lines.ToFrozenSet(StringComparer.Ordinal);
    }

    private async Task<ImmutableArray<LineCommit>> DetachedAsync(GitRepository repository, BranchHead head, string? before, CancellationToken cancellationToken)
    {
        if (!_formerHeads.TryGetValue(head.Branch, out var former))
        {
            // What this process has not seen: a clone that keeps a log of its refs tells of it, a bare one mostly has none.
            string count = string.Create(CultureInfo.InvariantCulture, $"--max-count={MaxFormerHeads}");
            var log = await repository.Git.TryAsync(new GitCall("rev-list", "--walk-reflogs", count, head.RefName, "--"), cancellationToken).ConfigureAwait(false);
            _formerHeads[head.Branch] = former = [.. log?.Lines.Reverse() ?? []];
        }
        if (before is not null && !former.Contains(before)) former.Add(before);
        if (former.Count > MaxFormerHeads) former.RemoveRange(0, former.Count - MaxFormerHeads);
        // Objects that nothing refers to are deleted after a while.
        var existing = await repository.ExistingAsync(former, cancellationToken).ConfigureAwait(false);
        existing.Remove(head.Sha);
        if (existing.Count == 0) return [];
        return [.. await new CommitReader(repository).ReadAsync(settings.Window, firstParent: true, [.. existing.Order(StringComparer.Ordinal), "^" + head.Sha], cancellationToken).ConfigureAwait(false)];
    }
}
