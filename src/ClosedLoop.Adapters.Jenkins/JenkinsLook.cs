using System.Text.Json;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Jenkins;

/// <summary>One probe under way.</summary>
internal sealed class JenkinsLook(JenkinsSettings settings, JenkinsClient client, StageSupport stages, ProbeBatch batch)
{
    /// <summary>Jenkins lists the newest 100 builds as <c>builds</c>; older ones only as <c>allBuilds</c>, which is slow.</summary>
    private const int PageSize = 100;

    // From this many builds of one job on, its list is cheaper than the builds one by one.
    private const int BuildsWorthAList = 3;

    private const int MaxDiagnostics = 50;

    // Running builds of which the stages are read in one look.
    private const int MaxStageReads = 50;

    private const int MaxQueuedCommits = 50;

    // So many of a branch's newest builds tell whether its job is worth a list.
    private const string BranchesTree = "jobs[name,builds[building,timestamp,duration]{0,5}]";

    // Jenkins' clock is not ours.
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(15);

    private readonly BuildFacts _facts = new(settings);
    private readonly Dictionary<RegisterId, Fact> _found = [];
    private readonly List<string> _diagnostics = [];
    private readonly Dictionary<(JobRule Job, long Number), bool> _builds = [];
    private readonly HashSet<Key> _commits = [];
    private readonly SortedSet<long> _queueItems = [];
    private readonly List<BuildReading> _running = [];
    private readonly List<QueueReading> _queue = [];
    private readonly HashSet<Key> _built = [];
    private JenkinsAnswer? _failure;
    private int _calls;

    public async Task<ProbeResult> RunAsync(CancellationToken cancellationToken)
    {
        ReadKeys();
        await ReadQueueItemsAsync(cancellationToken).ConfigureAwait(false);
        if (IsDown) return Result();
        foreach (var job in await JobsToListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (await ListAsync(job, cancellationToken).ConfigureAwait(false)) continue;
            if (IsDown) return Result();
            // Its builds would not be found either, which must not look like builds that were deleted.
            foreach (var build in _builds.Keys.Where(b => b.Job == job).ToList()) _builds.Remove(build);
        }
        foreach (var (job, number) in _builds.Where(static b => !b.Value).Select(static b => b.Key).OrderBy(static b => b.Job.Index).ThenBy(static b => b.Number).ToList())
        {
            await ReadAsync(job, number, cancellationToken).ConfigureAwait(false);
            if (IsDown) return Result();
        }
        AddQueue();
        await ReadStagesAsync(cancellationToken).ConfigureAwait(false);
        return Result();
    }

    private bool IsDown => _failure?.Kind is AnswerKind.Unreachable or AnswerKind.RateLimited;

    private void ReadKeys()
    {
        foreach (var key in batch.Keys)
        {
            if (key.Is(KeySchemes.Commit)) _commits.Add(key);
            else if (key.Is(KeySchemes.Build) && BuildAddress.ReadQueueItem(key.Value, settings) is { } item) _queueItems.Add(item);
            // Builds of other systems have keys of this scheme too: those are left to their own probes.
            else if (key.Is(KeySchemes.Build) && BuildAddress.Read(key.Value, settings, out _) is var (job, number)) _builds.TryAdd((job, number), false);
        }
    }

    private async Task<List<JobRule>> JobsToListAsync(CancellationToken cancellationToken)
    {
        var jobs = settings.Jobs.Where(job => batch.SweepSince is not null || IsAskedFor(job.Repository)).ToList();
        foreach (var project in settings.Projects)
        {
            if (IsDown) break;
            if (batch.SweepSince is not null || IsAskedFor(project.Repository)) jobs.AddRange(await BranchesAsync(project, cancellationToken).ConfigureAwait(false));
        }
        jobs.AddRange(_builds.Keys.GroupBy(static b => b.Job).Where(g => g.Count() >= BuildsWorthAList && !jobs.Contains(g.Key)).Select(static g => g.Key).ToList());
        return jobs;
    }

    private bool IsAskedFor(string repository) => _commits.Any(c => c.Value.StartsWith(repository + "@", StringComparison.Ordinal));

    /// <summary>The jobs of a project that count and are worth a list: something ran there lately, or commits are asked for that it may have built.</summary>
    private async Task<List<JobRule>> BranchesAsync(ProjectRule project, CancellationToken cancellationToken)
    {
        using var answer = await GetAsync(project.Address, BranchesTree, cancellationToken).ConfigureAwait(false);
        if (answer.Document is null)
        {
            Fail(answer.Detail is not null ? answer : answer with { Detail = Explain(answer.Kind, project.Name, project.Index) });
            return [];
        }
        if (answer.Document.RootElement.Member("jobs") is null)
        {
            Fail(new JenkinsAnswer(AnswerKind.Missing, $"'{project.Name}' in Jenkins is no multibranch project; set Jenkins:Jobs:{project.Index}:IsMultibranch to false, or Path to the project"));
            return [];
        }
        var jobs = new List<JobRule>();
        foreach (var branch in answer.Document.RootElement.Elements("jobs"))
        {
            if (branch.Text("name") is not { } name || project.Job(name, out _) is not { } job || jobs.Contains(job)) continue;
            if (branch.Elements("builds").Any(IsRecent) || (job.PullRequest is null && IsAskedFor(project.Repository))) jobs.Add(job);
        }
        return jobs;
    }

    private bool IsRecent(JsonElement build) =>
        batch.SweepSince is { } since && (build.Flag("building") != false || build.Number("timestamp") is not { } start || start > long.MaxValue / 2 ||
            start + Math.Clamp(build.Number("duration") ?? 0, 0, long.MaxValue / 4) >= (since - Overlap).ToUnixTimeMilliseconds());

    private async Task ReadQueueItemsAsync(CancellationToken cancellationToken)
    {
        foreach (long id in _queueItems)
        {
            using var answer = await GetAsync($"queue/item/{id}", QueueReading.Tree, cancellationToken).ConfigureAwait(false);
            if (answer.Document is null)
            {
                // It is kept for a few minutes after it has left the queue; then its build is found by itself.
                if (answer.Kind != AnswerKind.Missing) Fail(answer.Detail is not null ? answer : answer with { Detail = "Jenkins does not let this user read its queue (HTTP 403)" });
                if (IsDown) return;
                continue;
            }
            var item = answer.Document.RootElement;
            if (item.Member("task")?.Text("url") is not { } address || BuildAddress.ReadJob(address, settings) is not { } job || QueueReading.Read(item, job) is not { } reading) continue;
            Add(_facts.Queued(reading, [], batch.At));
            if (reading.Build is { } number) _builds.TryAdd((job, number), false);
        }
    }

    private async Task ReadStagesAsync(CancellationToken cancellationToken)
    {
        if (!settings.ReadsStages) return;
        foreach (var reading in _running.Where(r => stages.MayHave(r.Job.Name, batch.At)).OrderByDescending(static r => r.Number).Take(MaxStageReads))
        {
            // What is asked before may have shown that this job has none.
            if (!stages.MayHave(reading.Job.Name, batch.At) || _calls >= batch.Allowance) continue;
            _calls++;
            using var answer = await client.GetAsync($"{reading.Job.Address}/{reading.Number}/wfapi/describe", cancellationToken).ConfigureAwait(false);
            if (answer.Kind is AnswerKind.Missing or AnswerKind.Forbidden) stages.HasNone(reading.Job.Name, batch.At);
            // The build itself was read: without its stages it runs, and that is all that is known.
            if (answer.Document is not null && StageReading.Read(answer.Document.RootElement) is { } stage) Add(_facts.State(reading with { Stages = stage }, batch.At, _diagnostics));
        }
    }

    private async Task<bool> ListAsync(JobRule job, CancellationToken cancellationToken)
    {
        var oldest = batch.SweepSince - Overlap;
        for (int from = 0; from < settings.MaxBuildsPerSweep; from += PageSize)
        {
            int to = Math.Min(from + PageSize, settings.MaxBuildsPerSweep);
            string list = from == 0 ? "builds" : "allBuilds";
            string queue = from == 0 ? $",queueItem[{QueueReading.Tree}]" : "";
            using var answer = await GetAsync(job.Address, $"{list}[{BuildReader.Tree}]{{{from},{to}}}{queue}", cancellationToken).ConfigureAwait(false);
            if (answer.Document is null)
            {
                // The job of a branch is deleted some time after the branch: what its builds said stands.
                if (answer.Kind != AnswerKind.Missing || !job.IsOfProject) Fail(answer.Detail is not null ? answer : answer with { Detail = Explain(answer.Kind, job) });
                return false;
            }
            if (answer.Document.RootElement.Member(list) is null)
            {
                Fail(new JenkinsAnswer(AnswerKind.Missing, $"'{job.Name}' in Jenkins is a folder or multibranch project and has no builds; set Jenkins:Jobs:{job.Index}:Path to the job of a branch, such as {job.Name}/main, or IsMultibranch to true"));
                return false;
            }
            if (answer.Document.RootElement.Member("queueItem") is { } queued && QueueReading.Read(queued, job) is { } item) _queue.Add(item);
            int count = 0;
            long start = long.MaxValue;
            foreach (var build in answer.Document.RootElement.Elements(list))
            {
                count++;
                start = Math.Min(start, build.Number("timestamp") ?? long.MaxValue);
                if (BuildReader.Read(build, job, _diagnostics) is { } reading && IsWanted(reading, oldest)) Keep(reading);
            }
            // A page only ever goes further back for a sweep: what was known before is asked for by its own key.
            if (count < to - from || oldest is null || start < oldest.Value.ToUnixTimeMilliseconds()) return true;
        }
        _diagnostics.Add($"{job.Name} has more than {settings.MaxBuildsPerSweep} builds since {batch.SweepSince:u}; the older ones were not read: raise Jenkins:MaxBuildsPerSweep");
        return true;
    }

    private async Task ReadAsync(JobRule job, long number, CancellationToken cancellationToken)
    {
        using var answer = await GetAsync($"{job.Address}/{number}", BuildReader.Tree, cancellationToken).ConfigureAwait(false);
        if (answer.Document is not null)
        {
            if (BuildReader.Read(answer.Document.RootElement, job, _diagnostics) is { } reading && reading.Number == number) Keep(reading);
        }
        else if (answer.Kind != AnswerKind.Missing)
        {
            // Deleted builds are common and say nothing; everything else keeps us from knowing.
            Fail(answer.Detail is not null ? answer : answer with { Detail = Explain(answer.Kind, job) });
        }
    }

    private async Task<JenkinsAnswer> GetAsync(string path, string tree, CancellationToken cancellationToken)
    {
        if (_calls >= batch.Allowance) return new JenkinsAnswer(AnswerKind.RateLimited, "Jenkins:CallsPerHour leaves no more calls now");
        _calls++;
        return await client.GetAsync(path, tree, cancellationToken).ConfigureAwait(false);
    }

    private bool IsWanted(BuildReading reading, DateTimeOffset? oldest) =>
        _builds.ContainsKey((reading.Job, reading.Number)) ||
        (oldest is not null && (reading.Stage == BuildStage.Running || reading.Timestamp is null || reading.Timestamp >= oldest.Value.ToUnixTimeMilliseconds())) ||
        (_commits.Count > 0 && reading.Commits.Any(sha => _commits.Contains(Key.Commit(reading.Job.Repository, sha))));

    private void Keep(BuildReading reading)
    {
        if (_builds.ContainsKey((reading.Job, reading.Number))) _builds[(reading.Job, reading.Number)] = true;
        if (reading.Stage == BuildStage.Running && !_running.Exists(r => r.Job == reading.Job && r.Number == reading.Number)) _running.Add(reading);
        _built.UnionWith(reading.Commits.Select(sha => Key.Commit(reading.Job.Repository, sha)));
        Add(_facts.State(reading, batch.At, _diagnostics));
        if (_facts.Built(reading, batch.At) is { } built) Add(built);
    }

    // Two pages overlap when a build starts between them.
    private void Add(Fact fact) => _found[fact.Register] = _found.TryGetValue(fact.Register, out var known) ? FactJoin.Join(known, fact) : fact;

    private void Fail(JenkinsAnswer answer)
    {
        if (_failure is null || answer.Kind is AnswerKind.Unreachable or AnswerKind.RateLimited) _failure = answer;
    }

    private static string Explain(AnswerKind kind, JobRule job) => Explain(kind, job.Name, job.Index);

    private static string Explain(AnswerKind kind, string job, int index) => kind == AnswerKind.Forbidden
        ? $"Jenkins does not let this user read the job '{job}' (HTTP 403); give it Overall/Read and Job/Read, or check Jenkins:UserName and Jenkins:ApiToken"
        : $"Jenkins has no job '{job}', or this user may not know of it (HTTP 404); check Jenkins:Jobs:{index}:Path (a slash in a branch's name is %2F), Jenkins:BaseAddress and the user's Job/Read permission";

    // The next build may be the one that they wait for: nothing else can be said of commits that no build is known to contain.
    private void AddQueue()
    {
        foreach (var item in _queue)
        {
            var commits = _commits.Where(c => !_built.Contains(c) && c.Value.StartsWith(item.Job.Repository + "@", StringComparison.Ordinal)).Take(MaxQueuedCommits).ToList();
            if (commits.Count > 0 && item.Job.PullRequest is null) Add(_facts.Queued(item, commits, batch.At));
        }
    }

    private ProbeResult Result() => new()
    {
        Outcome = _failure is null ? ProbeOutcome.Reached : _failure.Kind == AnswerKind.RateLimited ? ProbeOutcome.RateLimited : ProbeOutcome.Unreachable,
        Facts = [.. _found.Values.OrderBy(static f => f.Register)],
        Calls = _calls,
        Detail = _failure?.Detail,
        RetryAt = _failure?.RetryAt,
        Diagnostics = [.. _diagnostics.Distinct(StringComparer.Ordinal).Take(MaxDiagnostics)],
    };
}
