using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using static ClosedLoop.Core.Tests.Lines.Model.Happening;

namespace ClosedLoop.Core.Tests.Lines.Model;

/// <summary>A small delivery system that plays steps and tells what happened: branches and changes here, builds and rollouts in the other part.</summary>
internal sealed partial class DeliveryWorld
{
    private readonly WorldShape _shape;
    private readonly List<ModelRepository> _repositories = [];
    private readonly List<ModelTarget> _targets = [];
    private readonly List<Key> _items = [];
    private DateTimeOffset _now = Given.Start;
    private int _commits, _prs, _builds, _images, _entries;

    public DeliveryWorld(WorldShape shape)
    {
        _shape = shape;
        for (int r = 0; r < shape.Repositories; r++)
        {
            var repository = new ModelRepository(r == 0 ? "acme/web" : "acme/api");
            _repositories.Add(repository);
            repository.Branches["main"] = [];
            Commit(repository, "main", shape.OldHistory ? [Key.Commit(repository.Name, Words.Sha(++_commits))] : []);
            Push(repository, "main");
            if (!shape.Staged) continue;
            repository.Branches["staging"] = [.. repository.Branches["main"]];
            Push(repository, "staging");
        }
        for (int e = 0; e < shape.Environments; e++)
            for (int t = 0; t < Math.Max(shape.Targets, shape.Repositories); t++)
                _targets.Add(new ModelTarget(e == 0 ? "production" : "staging", "t" + t, _repositories[t % shape.Repositories]));
    }

    /// <summary>Everything that happened, in order.</summary>
    public List<Happening> Happenings { get; } = [];

    /// <summary>Which interesting situations came up.</summary>
    public HashSet<string> Situations { get; } = [];

    public void Play(Step step)
    {
        _now = _now.AddMinutes(1);
        var repository = Pick(_repositories, step.A);
        string branch = Pick(repository.BranchNames, step.B);
        string trunk = _shape.Staged ? "staging" : "main";
        switch (step.Move)
        {
            case Move.Merge: Land(repository, step.B % 8 == 7 ? branch : trunk, Propose(repository, step.C), step); break;
            case Move.Propose: Propose(repository, step.C); break;
            case Move.PushDirectly: PushDirectly(repository, step.B % 8 == 7 ? branch : trunk, step); break;
            case Move.LandAgain: LandAgain(repository, branch, step); break;
            case Move.CherryPick: CherryPick(repository, branch, step); break;
            case Move.Revert: Revert(repository, branch, step); break;
            case Move.Lose: Lose(repository, branch, step); break;
            case Move.ForcePush: ForcePush(repository, branch, step); break;
            case Move.Return: Return(repository, branch); break;
            case Move.Promote: Promote(repository, branch); break;
            case Move.Fork: Fork(repository, step); break;
            default: Deliver(repository, branch, step); break;
        }
    }

    private Key Commit(ModelRepository repository, string branch, params Key[] others)
    {
        var line = repository.Branches[branch];
        var commit = Key.Commit(repository.Name, Words.Sha(++_commits));
        Happenings.Add(new Committed(_now, commit, line.Count == 0 ? others : [line[^1], .. others]));
        line.Add(commit);
        return commit;
    }

    private void Push(ModelRepository repository, string branch)
    {
        if (IsBlind(branch)) return;
        Happenings.Add(new Pushed(_now, repository.Name, branch, repository.HeadOf(branch)));
        _now = _now.AddMinutes(1);
    }

    private bool IsBlind(string branch) => _shape.BlindReleases && branch.StartsWith("release", StringComparison.Ordinal);

    // A new item, one that has a change already, or none.
    private Key? Item(int choice)
    {
        if (choice % 10 == 9) return null;
        if (choice % 10 > 5 && _items.Count > 0)
        {
            Situations.Add("several changes of an item");
            return Pick(_items, choice / 10);
        }
        _items.Add(Given.Item(_items.Count + 1));
        Happenings.Add(new Opened(_now, _items[^1]));
        return _items[^1];
    }

    private Key Propose(ModelRepository repository, int choice)
    {
        var pr = Key.PullRequest(repository.Name, ++_prs);
        Happenings.Add(new Proposed(_now, pr, Item(choice)));
        return pr;
    }

    private Key Land(ModelRepository repository, string branch, Key pr, Step step, bool reverts = false)
    {
        bool merge = step.D % 3 == 0;
        if (step.D % 3 == 2) Commit(repository, branch);
        var commit = Commit(repository, branch, merge ? [Key.Commit(repository.Name, Words.Sha(++_commits))] : []);
        Happenings.Add(new Merged(_now, pr, commit));
        Happenings.Add(new Landed(_now, commit, branch, pr, null, (step.D / 3 % 6) switch { 0 => ["docs/a.md"], 1 => ["docs/a.md", "src/a.cs"], _ => null }));
        repository.Said.Add((commit, pr, reverts));
        Situations.Add(merge ? "merge commit" : step.D % 3 == 2 ? "rebase" : "squash");
        // Sometimes nobody tells of the push, and the head that is known is old.
        if (step.D / 18 % 8 != 7) Push(repository, branch);
        return commit;
    }

    private void PushDirectly(ModelRepository repository, string branch, Step step)
    {
        var item = Item(step.C);
        var commit = Commit(repository, branch);
        Happenings.Add(new Landed(_now, commit, branch, null, item, null));
        if (item is not null) Happenings.Add(new Merged(_now, commit, commit));
        repository.Said.Add((commit, null, false));
        Push(repository, branch);
    }

    private void LandAgain(ModelRepository repository, string branch, Step step)
    {
        if (On(repository, branch).FindAll(static s => s.Pr is not null) is not { Count: > 0 } landed) return;
        Situations.Add("landed again");
        Land(repository, branch, Pick(landed, step.C).Pr!.Value, step);
    }

    private void CherryPick(ModelRepository repository, string branch, Step step)
    {
        if (repository.Said.FindAll(s => !repository.Branches[branch].Contains(s.Commit)) is not { Count: > 0 } elsewhere) return;
        var picked = Pick(elsewhere, step.C);
        var commit = Commit(repository, branch);
        Happenings.Add(new Repeated(_now, commit, branch, [step.D % 2 == 0 || picked.Pr is null ? picked.Commit : picked.Pr.Value]));
        repository.Said.Add((commit, null, picked.IsRevert));
        Situations.Add(picked.IsRevert ? "revert picked to another line" : "cherry-pick");
        Push(repository, branch);
    }

    private void Revert(ModelRepository repository, string branch, Step step)
    {
        var said = On(repository, branch);
        if (said.Count == 0) return;
        var reverts = said.FindAll(static s => s.IsRevert);
        var target = reverts.Count > 0 && step.A / 7 % 2 == 0 ? Pick(reverts, step.C) : Pick(said, step.C);
        Key[] commits = [target.Commit];
        if (step.C / 50 % 6 == 0 && said.Count > 1) commits = [.. commits.Append(Pick(said, step.C + 1).Commit).Distinct()];
        Situations.Add(target.IsRevert ? "revert of a revert" : "revert");
        if (step.D % 2 == 0)
        {
            var pr = Propose(repository, 9);
            Happenings.Add(new Reverted(_now, pr, target.Pr is { } undone ? [undone] : commits, false));
            var landing = Land(repository, branch, pr, step with { D = step.D / 2 }, reverts: true);
            if (step.C / 300 % 2 == 0) Happenings.Add(new Reverted(_now, landing, [target.Commit], false));
            return;
        }
        var commit = Commit(repository, branch);
        Happenings.Add(new Reverted(_now, commit, commits, false));
        // Of a plain revert commit a source may say that it landed, or nothing.
        if (step.D / 2 % 3 != 0) Happenings.Add(new Landed(_now, commit, branch, null, null, null));
        repository.Said.Add((commit, null, true));
        Push(repository, branch);
    }

    private void Lose(ModelRepository repository, string branch, Step step)
    {
        if (On(repository, branch) is not { Count: > 0 } said) return;
        var lost = Pick(said, step.C).Commit;
        var commit = step.D % 2 == 0 ? Land(repository, branch, Propose(repository, step.D), step with { D = step.D / 2 }) : Commit(repository, branch);
        Happenings.Add(new Reverted(_now, commit, [lost], true));
        if (step.D % 2 == 1) repository.Said.Add((commit, null, true));
        Situations.Add("lost content");
        Push(repository, branch);
    }

    private void ForcePush(ModelRepository repository, string branch, Step step)
    {
        var line = repository.Branches[branch];
        if (line.Count < 2 || IsBlind(branch)) return;
        int keep = Math.Max(1, line.Count - 1 - (step.C % 3));
        var dropped = line[keep..];
        repository.Before[branch] = [.. line];
        line.RemoveRange(keep, line.Count - keep);
        switch (step.D % 4)
        {
            case 0: Commit(repository, branch); break;
            case 1:
                foreach (var said in repository.Said.FindAll(s => dropped.Contains(s.Commit)))
                {
                    var commit = Commit(repository, branch);
                    Happenings.Add(new Repeated(_now, commit, branch, [said.Commit]));
                    repository.Said.Add((commit, null, said.IsRevert));
                    Situations.Add("force-push that brings the content back");
                }
                break;
            case 2: Land(repository, branch, Propose(repository, step.A / 2), step with { D = step.D / 4 }); break;
            default: Situations.Add("reset to an older commit"); break;
        }
        Situations.Add("force-push");
        Push(repository, branch);
    }

    private void Return(ModelRepository repository, string branch)
    {
        if (!repository.Before.Remove(branch, out var before)) return;
        repository.Before[branch] = repository.Branches[branch];
        repository.Branches[branch] = before;
        Situations.Add("force-push back to the same commits");
        Push(repository, branch);
    }

    private void Promote(ModelRepository repository, string branch)
    {
        string from = _shape.Staged ? "staging" : branch;
        if (from == "main") return;
        Commit(repository, "main", repository.HeadOf(from));
        Situations.Add(_shape.Staged ? "staging merged to main" : "release merged back to main");
        Push(repository, "main");
    }

    private void Fork(ModelRepository repository, Step step)
    {
        int number = repository.Branches.Keys.Count(static b => b.StartsWith("release", StringComparison.Ordinal)) + 1;
        if (number > 2) return;
        var main = repository.Branches["main"];
        string branch = "release/" + number;
        repository.Branches[branch] = main[..(main.Count - (step.C % 3 == 0 ? step.D % main.Count : 0))];
        Situations.Add("release line");
        Push(repository, branch);
    }

    private static List<(Key Commit, Key? Pr, bool IsRevert)> On(ModelRepository repository, string branch) =>
        repository.Said.FindAll(s => repository.Branches[branch].Contains(s.Commit));

    private static T Pick<T>(List<T> from, int choice) => from[choice % from.Count];
}
