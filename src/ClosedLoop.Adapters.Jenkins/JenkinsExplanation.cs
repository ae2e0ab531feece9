using System.Collections.Immutable;
using System.Text.Json;
using ClosedLoop.Facts;

namespace ClosedLoop.Adapters.Jenkins;

/// <summary>Explains one file without configuration: which Jenkins, job and repository it is about is what it says itself.</summary>
internal sealed class JenkinsExplanation
{
    private const int MaxParts = 10_000;
    private const string UnknownRoot = "https://jenkins.invalid/";

    // There is no receipt: what gives no time is seen now.
    private readonly DateTimeOffset _seen = TimeProvider.System.GetUtcNow();
    private readonly List<Fact> _facts = [];
    private readonly List<string> _ignored = [];
    private readonly List<string> _diagnostics = [];
    private readonly List<string> _commits = [];
    private readonly List<string> _stages = [];
    private int _parts;

    private JenkinsExplanation()
    {
    }

    public static PayloadExplanation Of(ReadOnlyMemory<byte> input, string? eventName)
    {
        var explanation = new JenkinsExplanation();
        try
        {
            using var document = JsonDocument.Parse(input);
            explanation.Add(document.RootElement, eventName);
        }
        catch (JsonException)
        {
            explanation._ignored.Add("the file is not JSON");
        }
        return explanation.Result();
    }

    private PayloadExplanation Result()
    {
        var summary = ImmutableSortedDictionary.CreateBuilder<string, object>(StringComparer.Ordinal);
        summary["commits"] = _commits.Distinct(StringComparer.Ordinal).ToImmutableArray();
        if (_stages.Count > 0) summary["stages"] = _stages.ToImmutableArray();
        return PayloadExplanation.Of(_facts) with { Ignored = [.. _ignored], Diagnostics = [.. _diagnostics.Distinct(StringComparer.Ordinal)], Summary = summary.ToImmutable() };
    }

    private void Add(JsonElement part, string? eventName)
    {
        if (++_parts > MaxParts)
        {
            if (_parts == MaxParts + 1) _ignored.Add($"what comes after the first {MaxParts} parts was not read");
            return;
        }
        if (part.ValueKind == JsonValueKind.Array)
            foreach (var one in part.EnumerateArray()) Add(one, eventName);
        else if (CloudEvent(part, eventName) is { } cloudEvent) AddCloudEvent(cloudEvent);
        else if (part.Member("build") is { ValueKind: JsonValueKind.Object } build) AddNotification(build, phase: null, (b, s) => NotificationPayload.Read(b, s));
        else if (part.Text("job") is not null) AddGeneric(part);
        else if (part.Member("builds") is { ValueKind: JsonValueKind.Array } || part.Member("allBuilds") is { ValueKind: JsonValueKind.Array }) AddJob(part);
        else if (part.Member("jobs") is { ValueKind: JsonValueKind.Array }) AddFolder(part);
        else if (part.Member("task") is not null) AddQueueItem(part);
        else if (part.Member("items") is { ValueKind: JsonValueKind.Array } items) Add(items, eventName);
        else if (part.Member("stages") is not null) AddRun(part);
        else if (part.Flag("building") is not null) AddBuild(part);
        else if (part.Text("_class")?.Contains("multibranch", StringComparison.OrdinalIgnoreCase) == true) _ignored.Add("a multibranch project: its branches' jobs have the builds");
        else _ignored.Add("not a notification, a build, a job with builds, an item of the queue or a run with stages");
    }

    private static JenkinsCloudEvent? CloudEvent(JsonElement part, string? eventName)
    {
        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (eventName is not null) headers["ce-type"] = eventName;
        return JenkinsCloudEvent.Of(new WebhookDelivery { Source = JenkinsAdapter.Name, Headers = headers, Body = default, ReceivedAt = default }, part);
    }

    private void AddCloudEvent(JenkinsCloudEvent cloudEvent)
    {
        if (cloudEvent.Data.Member("build") is { ValueKind: JsonValueKind.Object } build) AddNotification(build, cloudEvent.Type, (_, s) => cloudEvent.Read(s));
        else _ignored.Add($"the event {SourceText.Quote(cloudEvent.Type)} says nothing of a build");
    }

    private void AddNotification(JsonElement build, string? phase, Func<JsonElement, JenkinsSettings, ReportedBuild> read)
    {
        string? address = build.Text("full_url") ?? build.Text("fullUrl") ?? (build.Text("url") is { } url && url.StartsWith("job/", StringComparison.Ordinal) ? UnknownRoot + url : build.Text("url"));
        var scm = build.Member("scm") ?? build.Member("scmState") ?? default;
        if (Settings(address, RepositoryOf(scm.Text("url"))) is not { } settings)
        {
            _ignored.Add($"{phase ?? "the notification"} names no address of a build");
            return;
        }
        AddReport(read(build, settings), settings);
    }

    private void AddGeneric(JsonElement body)
    {
        string name = JobName.Normalize(body.Text("job")!);
        if (JobName.Problem(name) is { } problem)
        {
            _ignored.Add($"job {problem.What}");
            return;
        }
        var settings = Settings(body.Text("url") ?? $"{UnknownRoot}{JobName.Address(name)}/1", repository: null);
        if (settings is null) _ignored.Add("url is not the address of a build");
        else AddReport(GenericPayload.Read(body, settings), settings);
    }

    private void AddReport(ReportedBuild report, JenkinsSettings settings)
    {
        _diagnostics.AddRange(report.Diagnostics);
        if (report.Malformed is { } problem) _ignored.Add($"{report.Event}: malformed: {problem}");
        else if (report.Ignored is { } reason) _ignored.Add($"{report.Event}: {reason}");
        else if (report.Reading is { } reading) AddReading(reading with { Commits = reading.Revision is { } sha ? [sha] : [] }, settings);
        else _ignored.Add($"{report.Event}: says only that there is a build to read");
    }

    private void AddJob(JsonElement job)
    {
        foreach (var build in job.Elements(job.Member("builds") is { ValueKind: JsonValueKind.Array } ? "builds" : "allBuilds"))
        {
            if (build.Flag("building") is not null) AddBuild(build, job.Text("url"));
            else _ignored.Add($"build #{build.Number("number")?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "?"}: says only that it exists; read it, or ask for its fields with tree=builds[{BuildReader.Tree}]");
        }
        if (job.Member("queueItem") is { } item) AddQueueItem(item);
    }

    private void AddFolder(JsonElement folder)
    {
        foreach (var job in folder.Elements("jobs"))
        {
            if (job.Elements("builds").Any()) AddJob(job);
            else _ignored.Add($"the job {SourceText.Quote(job.Text("name") ?? "")}: its builds are not in this file");
        }
    }

    private void AddBuild(JsonElement build, string? jobUrl = null)
    {
        if (build.Number("number") is not { } number || number <= 0)
        {
            _ignored.Add("a build without a number");
            return;
        }
        string? address = build.Text("url") ?? (jobUrl is null ? null : $"{jobUrl.TrimEnd('/')}/{number}/");
        var (_, job, _) = BuildAddress.Split(address ?? "") ?? (UnknownRoot, "", null);
        string? repository = OwnRepository.Choose(build, job, _diagnostics);
        if (Settings(address, repository) is not { } settings)
        {
            _ignored.Add($"build #{number}: names no address of a build");
            return;
        }
        if (BuildReader.Read(build, settings.Jobs[0], _diagnostics) is not { } reading) _ignored.Add($"build #{number}: is not one");
        else AddReading(reading, settings);
    }

    private void AddQueueItem(JsonElement item)
    {
        string? address = item.Member("task")?.Text("url");
        if (Settings(address, repository: null) is not { } settings || QueueReading.Read(item, settings.Jobs[0]) is not { } reading)
        {
            _ignored.Add("an item of the queue that names no job");
            return;
        }
        var facts = new BuildFacts(settings);
        _facts.Add(facts.Queued(reading, [], _seen));
        // A build came of it, and the queue knows no more than that.
        if (reading.Build is { } number && number > 0)
            _facts.Add(facts.State(new BuildReading { Job = reading.Job, Number = number, Stage = BuildStage.Running }, _seen, _diagnostics));
    }

    // The plugin has its own words for results, and an id that may be a date.
    private void AddRun(JsonElement run)
    {
        string? href = run.Member("_links", "self")?.Text("href");
        string? path = href?.IndexOf("/wfapi/", StringComparison.Ordinal) is > 0 and var end ? href[..end] : null;
        var settings = Settings(path is null ? null : path.Contains("://", StringComparison.Ordinal) ? path : UnknownRoot.TrimEnd('/') + path, repository: null);
        if (settings is null || BuildAddress.Split(UnknownRoot.TrimEnd('/') + path)?.Number is not { } number)
        {
            _ignored.Add("a run with stages that names no build in _links.self.href");
            return;
        }
        _stages.AddRange(run.Elements("stages").Select(static s => $"{s.Text("name") ?? "?"}: {s.Text("status") ?? "?"}"));
        string? status = run.Text("status");
        string? result = status switch
        {
            "SUCCESS" or "UNSTABLE" => status,
            "FAILED" => "FAILURE",
            "ABORTED" => "ABORTED",
            "NOT_EXECUTED" => "NOT_BUILT",
            "IN_PROGRESS" or "PAUSED_PENDING_INPUT" => null,
            _ => status ?? "",
        };
        AddReading(
            new BuildReading
            {
                Job = settings.Jobs[0],
                Number = number,
                Stage = result is null ? BuildStage.Running : BuildStage.Reported,
                Result = result,
                Timestamp = result is null ? run.Number("startTimeMillis") : run.Number("endTimeMillis") ?? run.Number("startTimeMillis"),
                Stages = StageReading.Read(run),
            },
            settings);
    }

    private void AddReading(BuildReading reading, JenkinsSettings settings)
    {
        if (settings.Root.AbsoluteUri == UnknownRoot) _diagnostics.Add("the file does not say which Jenkins it is from");
        if (reading.Job.Repository.Length == 0) _diagnostics.Add($"{reading.Job.Name} #{reading.Number}: the file does not say which repository was built");
        _facts.Add(new BuildFacts(settings).State(reading, _seen, _diagnostics));
        if (reading.Revision is { } revision) _commits.Add(revision);
        _commits.AddRange(reading.Commits.Where(c => c != reading.Revision));
    }

    // Of a build's or a job's address.
    private static JenkinsSettings? Settings(string? address, string? repository)
    {
        if (BuildAddress.Split(address ?? "") is not var (root, job, _) || root.Length > 200 || JobName.Problem(job) is not null) return null;
        return JenkinsSettings.Of(new Uri(root), new JobRule(0, job, repository ?? "", null, IsPartial: false));
    }

    private static string? RepositoryOf(string? remote) => remote is null ? null : RemoteRepository.NameOf(remote);
}
