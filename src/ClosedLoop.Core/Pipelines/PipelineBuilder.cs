using System.Collections.Immutable;
using ClosedLoop.Facts;
using ClosedLoop.Items;

namespace ClosedLoop.Pipelines;

/// <summary>
/// Declares a pipeline: <c>p.UseDefaultGates().Gate("security-scan", g => g.WrittenBy("ci")).DoneWhen(Done.RolledOut)</c>.
/// Not safe for use by several threads; the built definition is.
/// </summary>
public sealed class PipelineBuilder
{
    /// <summary>The most gates a pipeline can have: 64.</summary>
    public const int MaxGates = 64;

    private readonly string _name;
    private readonly List<GateDefinition> _gates = [];
    private DoneDefinition _done = Done.MergedAndMainGreen;
    private TimeSpan? _doneWithin;
    private bool _isDefaultDoneWithin = true;

    /// <summary>Starts an empty pipeline.</summary>
    /// <param name="name">Lower-case letters, digits and '-'.</param>
    public PipelineBuilder(string name) => _name = name;

    /// <summary>Adds the seven gates of mission/002 with their writers and limits, and alerts when an item is not done 24 hours after its merge.</summary>
    public PipelineBuilder UseDefaultGates()
    {
        if (_isDefaultDoneWithin) _doneWithin = DefaultLimits.Done;
        Gate(Gates.PrOpened, g => g.Describe("a pull request exists").WrittenBy(WriterRoles.Agent, WriterRoles.SourceControl).PassWhenAny());
        Gate(Gates.Reviewed, g => g.Describe("a reviewer approved it").WrittenBy(WriterRoles.SourceControl).PassWhenNoneFails().Within(DefaultLimits.Review));
        Gate(Gates.Merged, g => g.Describe("it is on the target branch").WrittenBy(WriterRoles.SourceControl).PassWhenAny());
        Gate(Gates.MainCi, g => g.Describe("CI on the target branch is green for it").WrittenBy(WriterRoles.Ci).Cumulative().Within(DefaultLimits.MainCi));
        Gate(Gates.ImageBuilt, g => g.Describe("an image that contains it is in the registry").WrittenBy(WriterRoles.Registry, WriterRoles.Ci).Cumulative().PassWhenAny().Within(DefaultLimits.Image));
        Gate(Gates.RolledOut, g => g.Describe("the environment runs that image").WrittenBy(WriterRoles.Deployer).Level().Within(DefaultLimits.Rollout));
        Gate(Gates.Healthy, g => g.Describe("verified after the rollout").WrittenBy(WriterRoles.Health).Level().AfterPrevious().Within(DefaultLimits.Health));
        return this;
    }

    /// <summary>Adds a gate at the end, or changes the one of that name where it stands.</summary>
    public PipelineBuilder Gate(string name, Action<GateBuilder>? configure = null) => Insert(_gates.Count, name, configure);

    /// <summary>Adds a gate before another one.</summary>
    /// <exception cref="ArgumentException">The other gate is not in the pipeline.</exception>
    public PipelineBuilder GateBefore(string other, string name, Action<GateBuilder>? configure = null) => Insert(Position(other), name, configure);

    /// <summary>Adds a gate after another one.</summary>
    /// <exception cref="ArgumentException">The other gate is not in the pipeline.</exception>
    public PipelineBuilder GateAfter(string other, string name, Action<GateBuilder>? configure = null) => Insert(Position(other) + 1, name, configure);

    /// <summary>Removes a gate. Facts about it are kept.</summary>
    public PipelineBuilder Without(string name)
    {
        _gates.RemoveAll(g => g.Name == name);
        return this;
    }

    /// <summary>Says when an item is done. The default is B: merged, and main CI green for it.</summary>
    public PipelineBuilder DoneWhen(DoneDefinition done)
    {
        ArgumentNullException.ThrowIfNull(done);
        _done = done;
        return this;
    }

    /// <summary>
    /// Alerts when an item is not done this long after its merge, whichever gate it waits for; it is told under the name <c>done</c>. The
    /// default is 24 hours with <see cref="UseDefaultGates"/> and never without.
    /// </summary>
    public PipelineBuilder DoneWithin(TimeSpan afterMerge)
    {
        (_doneWithin, _isDefaultDoneWithin) = (afterMerge, false);
        return this;
    }

    /// <summary>Does not alert when an item is not done: only its gates' limits do.</summary>
    public PipelineBuilder WithoutDoneAlert()
    {
        (_doneWithin, _isDefaultDoneWithin) = (null, false);
        return this;
    }

    /// <summary>Validates and freezes the pipeline.</summary>
    /// <exception cref="InvalidOperationException">A rule is missing or contradicts another; the message says which and how to fix it.</exception>
    public PipelineDefinition Build()
    {
        string path = $"Pipelines:{_name}";
        if (!IsName(_name)) throw Invalid(path, "has a name that is not lower-case letters, digits and '-'", "rename it");
        if (_gates.Count is 0 or > MaxGates) throw Invalid(path, $"has {_gates.Count} gates", $"declare 1 to {MaxGates}, for instance with UseDefaultGates()");
        foreach (var gate in _gates) Validate($"{path}:Gates:{gate.Name}", gate);
        if (_done.Gates.IsDefaultOrEmpty) throw Invalid($"{path}:Done", "names no gate", "name at least one: without evidence nothing is done");
        foreach (string required in _done.Gates)
            if (!_gates.Exists(g => g.Name == required))
                throw Invalid($"{path}:Done", $"requires the gate '{required}', which the pipeline does not have", $"add .Gate(\"{required}\") or choose another DONE definition");
        return new PipelineDefinition { Name = _name, Gates = [.. _gates], Done = _done, DoneWithin = ValidDoneWithin(path) };
    }

    // Of the default nothing is said: a pipeline that leaves out the merge has not asked for it.
    private TimeSpan? ValidDoneWithin(string path)
    {
        if (_doneWithin is not { } limit) return null;
        if (limit <= TimeSpan.Zero) throw Invalid($"{path}:DoneWithin", "is not positive", "use .DoneWithin(TimeSpan.FromHours(24)) or .WithoutDoneAlert()");
        string? problem = !_gates.Exists(static g => g.Name == Gates.Merged) ? $"counts from the merge, and the pipeline has no gate '{Gates.Merged}'"
            : _gates.Exists(static g => g.Name == ItemState.DoneClock) ? $"is told as '{ItemState.DoneClock}', which is also the name of a gate" : null;
        if (problem is null) return limit;
        return _isDefaultDoneWithin ? null : throw Invalid($"{path}:DoneWithin", problem, "change the gates or use .WithoutDoneAlert()");
    }

    private static void Validate(string path, GateDefinition gate)
    {
        if (!IsName(gate.Name)) throw Invalid(path, "has a name that is not lower-case letters, digits and '-'", "rename it");
        if (gate.Writers.IsDefaultOrEmpty && !gate.AllowsPersons) throw Invalid(path, "has no writer, so nothing can ever pass it", "add .WrittenBy(\"ci\")");
        if (gate.Rule == GateRule.Named && gate.Names.IsDefaultOrEmpty) throw Invalid(path, "requires named checks but names none", "add .Require(\"build\")");
        if (gate.AtLeast < 1) throw Invalid(path, $"passes with {gate.AtLeast} pieces of evidence", "use .AtLeast(1) or more: no evidence is never a pass");
        if (gate.Soak < TimeSpan.Zero) throw Invalid(path, "soaks for less than no time", "use .Soak(TimeSpan.FromMinutes(10))");
        if (gate.Soak > TimeSpan.Zero && gate.Coverage != GateCoverage.Level) throw Invalid(path, "soaks, which only a level gate can", "add .Level()");
        if (gate.FinishWithin <= TimeSpan.Zero || gate.StartWithin <= TimeSpan.Zero || gate.Buffer < TimeSpan.Zero)
            throw Invalid(path, "has a limit that is not positive", "use .Within(TimeSpan.FromMinutes(30)) or .WithoutAlert()");
        foreach (var limit in gate.LimitOverrides.OrEmpty()) Validate(path, limit);
    }

    private static void Validate(string path, LimitOverride limit)
    {
        if (limit.Repository is null && limit.Priority is null) throw Invalid(path, "has a limit for some items that names neither a repository nor a priority", "use .WithinFor(repository: \"acme/*\", …), or .Within(…) for all items");
        string items = string.Join(", ", new[] { limit.Repository, limit.Priority }.Where(static n => n is not null).Select(static n => $"'{n}'"));
        if (limit.Repository is { } repository && !NamePattern.IsValid(repository)) throw Invalid(path, $"has a limit for {items}, which is not a repository", "use a name such as 'acme/web', or a beginning followed by '*' such as 'acme/*'");
        if (limit.Priority is { } priority && string.IsNullOrWhiteSpace(priority)) throw Invalid(path, $"has a limit for {items}, where the priority is blank", "use a priority such as 'P0', or null for any");
        if (limit.FinishWithin <= TimeSpan.Zero || limit.StartWithin <= TimeSpan.Zero || limit.Buffer < TimeSpan.Zero)
            throw Invalid(path, $"has a limit for {items} that is not positive", "use .WithinFor(…, expected: TimeSpan.FromMinutes(30)), or leave it out to never alert for them");
    }

    private PipelineBuilder Insert(int index, string name, Action<GateBuilder>? configure)
    {
        int existing = _gates.FindIndex(g => g.Name == name);
        var builder = new GateBuilder(existing >= 0 ? _gates[existing] : new GateDefinition { Name = name });
        configure?.Invoke(builder);
        if (existing >= 0) _gates[existing] = builder.Build();
        else _gates.Insert(index, builder.Build());
        return this;
    }

    private int Position(string gate)
    {
        int index = _gates.FindIndex(g => g.Name == gate);
        return index >= 0 ? index : throw new ArgumentException($"Pipelines:{_name} has no gate '{gate}' to place another one beside.", nameof(gate));
    }

    private static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static InvalidOperationException Invalid(string path, string problem, string fix) => new($"{path} {problem}; {fix}.");
}
