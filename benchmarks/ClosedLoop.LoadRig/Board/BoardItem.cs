using System.Collections.Immutable;
using System.Globalization;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.LoadRig.Ingest;
using ClosedLoop.Pipelines;
using ClosedLoop.Storage;

namespace ClosedLoop.LoadRig.Board;

/// <summary>One of many items of an organisation: 50 repositories, 20 agents, 5 priorities, two pipelines, all gates. Everything follows from its number.</summary>
internal sealed class BoardItem(int number, bool completed)
{
    public const int Repositories = 50, Agents = 20, Priorities = 5, Stages = 7;

    private static readonly DateTimeOffset Start = new(2025, 1, 6, 0, 0, 0, TimeSpan.Zero);
    private static readonly string[] Words = ["fix", "login", "cache", "retry", "search", "invoice", "export", "upload", "limit", "queue", "report", "session", "avatar", "schema", "index", "banner"];

    public static PipelineDefinition[] Pipelines { get; } = [.. new[] { "delivery", "hotfix" }.Select(static name => new PipelineBuilder(name).UseDefaultGates().DoneWhen(Done.Healthy).Build())];

    public int Number => number;

    public string Id { get; } = string.Create(CultureInfo.InvariantCulture, $"W-{number:0000000}");

    // The gates that it has passed. An open one is anywhere before the end.
    public int Stage => completed ? Stages : number % Stages;

    public PipelineDefinition Pipeline => Pipelines[number % 10 == 0 ? 1 : 0];

    /// <summary>An instant for each, so that they have an order; ten seconds apart.</summary>
    public DateTimeOffset OpenedAt => Start.AddSeconds(10L * number);

    public DateTimeOffset UpdatedAt => OpenedAt.AddMinutes(5 * Stage);

    public string Title => $"{Words[number % 16]} {Words[number / 16 % 16]} {Words[number / 256 % 16]} {Convert.ToString(number, 16)}";

    public static string Repository(int number) => string.Create(CultureInfo.InvariantCulture, $"acme/service-{number % Repositories}");

    public static string Agent(int number) => string.Create(CultureInfo.InvariantCulture, $"builder-{number / 3 % Agents}");

    public static string Priority(int number) => string.Create(CultureInfo.InvariantCulture, $"P{number / 7 % Priorities}");

    /// <summary>Its facts, as sources tell them.</summary>
    public IReadOnlyList<Fact> Facts()
    {
        string sha = string.Create(CultureInfo.InvariantCulture, $"{number:x40}");
        Key item = Key.Item(Id), pr = Key.PullRequest(Repository(number), number);
        Writer scm = new(WriterRoles.SourceControl, "github"), ci = new(WriterRoles.Ci, "jenkins"), deployer = new(WriterRoles.Deployer, "cluster"), health = new(WriterRoles.Health, "cluster");
        Fact[] gates =
        [
            Gate(0, pr, Gates.PrOpened, scm, item),
            Gate(1, Key.Review(Repository(number), number, "ann"), Gates.Reviewed, scm, pr),
            Gate(2, pr, Gates.Merged, scm, item) with { Revision = sha },
            Gate(3, Key.Build($"https://ci.example/job/{Repository(number)}/{Id}/"), Gates.MainCi, ci, pr) with { Name = "unit" },
            Gate(4, Key.Image($"sha256:{sha}"), Gates.ImageBuilt, new Writer(WriterRoles.Registry, "registry"), pr),
            Gate(5, Key.Deployment($"cluster/{Id}"), Gates.RolledOut, deployer, pr),
            Gate(6, Key.Deployment($"cluster/{Id}"), Gates.Healthy, health, pr),
        ];
        var opened = new Fact
        {
            Subject = item,
            Kind = FactKinds.Item,
            Writer = Writer.Agent(Agent(number)),
            Ordinal = Ordinal.At(OpenedAt),
            OccurredAt = OpenedAt,
            Attributes = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                [FactAttributes.Title] = Title,
                [FactAttributes.Repository] = Repository(number),
                [FactAttributes.Priority] = Priority(number),
                [FactAttributes.Agent] = Agent(number),
                [FactAttributes.Model] = "model-4",
                [FactAttributes.Session] = Id,
                [FactAttributes.Pipeline] = Pipeline.Name,
            }.ToImmutableSortedDictionary(StringComparer.Ordinal),
        };
        return [opened, .. gates.Take(Stage)];
    }

    /// <summary>The same as deliveries to the intake.</summary>
    public IEnumerable<Intake.Submission> Deliveries() => Facts().Select((fact, i) => SilentSource.Delivery([fact], $"{Id}.{i}"));

    /// <summary>The row that the intake leaves of it, folded here without the wait for it.</summary>
    public ItemRecord Row()
    {
        var graph = new FactGraph();
        foreach (var fact in Facts()) graph.Apply(fact);
        var state = ItemFold.Fold(Pipeline, Key.Item(Id), graph) ?? throw new ClaimFailedException($"{Id} does not exist.");
        return new ItemRecord { State = state, Version = Stage + 1, UpdatedAt = UpdatedAt, Json = StoredJson.Write(state) };
    }

    /// <summary>What the log says of it: when it was opened, and each gate that it passed.</summary>
    public IEnumerable<Transition> Log() => Facts().Select((fact, i) => new Transition
    {
        ItemId = Id,
        Kind = i == 0 ? TransitionKind.Opened : TransitionKind.Gate,
        Gate = i == 0 ? null : fact.Kind,
        To = i == 0 ? GateStatus.Waiting : GateStatus.Passed,
        Writer = fact.Writer,
        Subject = fact.Subject,
        OccurredAt = fact.OccurredAt,
        RecordedAt = fact.OccurredAt,
    });

    private Fact Gate(int gate, Key subject, string kind, Writer writer, Key link) => new()
    {
        Subject = subject,
        Kind = kind,
        Writer = writer,
        Ordinal = Ordinal.At(OpenedAt.AddMinutes(5 * (gate + 1))),
        OccurredAt = OpenedAt.AddMinutes(5 * (gate + 1)),
        Status = GateStatus.Passed,
        Links = [link],
    };
}
