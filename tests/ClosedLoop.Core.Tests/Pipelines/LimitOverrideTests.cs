using ClosedLoop.Core.Tests.Support;
using ClosedLoop.Facts;
using ClosedLoop.Items;
using ClosedLoop.Pipelines;
using ClosedLoop.Storage.InMemory;

namespace ClosedLoop.Core.Tests.Pipelines;

public sealed class LimitOverrideTests
{
    private static readonly Action<GateBuilder> Declared = static g => g
        .Within(TimeSpan.FromMinutes(30))
        .WithinFor(priority: "P0", expected: TimeSpan.FromMinutes(10))
        .WithinFor("acme/*", expected: TimeSpan.FromMinutes(60), buffer: TimeSpan.FromMinutes(1))
        .WithinFor("acme/legacy*", expected: TimeSpan.FromMinutes(90))
        .WithinFor("acme/legacy-web", expected: TimeSpan.FromMinutes(120))
        .WithinFor("acme/quiet")
        .WithinFor("acme/*", "P0", TimeSpan.FromMinutes(20), startsWithin: TimeSpan.FromMinutes(5));

    [Theory]
    [InlineData("other/web", null, null, 30)]
    [InlineData("other/web", "P1", null, 30)]
    [InlineData("other/web", "p0", null, 10)]
    [InlineData(null, "P0", null, 10)]
    [InlineData(null, null, null, 30)]
    [InlineData("acme/web", null, null, 61)]
    [InlineData("ACME/Web", "P3", null, 61)]
    [InlineData("acme/legacy-api", "P3", null, 90)]
    [InlineData("acme/legacy-web", "P3", null, 120)]
    [InlineData("acme/legacy-web", "P0", 5, 20)]   // a repository with a priority stands above any repository
    [InlineData("acme/quiet", null, null, null)]
    public async Task The_most_particular_limit_is_the_one_of_an_item(string? repository, string? priority, int? start, int? finish)
    {
        using var loop = new LoopFixture(static l => l.AddPipeline("delivery", static p => p.UseDefaultGates().Gate(Gates.MainCi, Declared)));
        var attributes = Given.Opened(Given.Item(1)).Attributes;
        if (repository is not null) attributes = attributes.SetItem(FactAttributes.Repository, repository);
        if (priority is not null) attributes = attributes.SetItem(FactAttributes.Priority, priority);
        await loop.TakeAsync([Given.Opened(Given.Item(1)) with { Attributes = attributes }, .. Given.Delivered(1, 1, "a1")[1..^1]]);
        var gate = await loop.GateAsync("BL-1", Gates.MainCi);
        Assert.Equal((Minutes(start), Minutes(finish)), (gate.StartBy, gate.FinishBy));

        static DateTimeOffset? Minutes(int? minutes) => minutes is { } m ? Given.At(3 + m) : null;
    }

    [Fact]
    public void The_order_of_declaration_does_not_matter_and_what_is_declared_again_replaces()
    {
        Action<GateBuilder>[] parts =
        [
            static g => g.WithinFor(priority: "P0", expected: TimeSpan.FromMinutes(10)), static g => g.WithinFor("acme/*", expected: TimeSpan.FromMinutes(60)),
            static g => g.WithinFor("acme/web", expected: TimeSpan.FromMinutes(5)), static g => g.WithinFor("acme/*", "P0", TimeSpan.FromMinutes(20)),
        ];
        var one = Built(g => Array.ForEach(parts, p => p(g)));
        Assert.Equal(one, Built(g => Array.ForEach([.. parts.Reverse()], p => p(g))));
        Assert.Equal(4, one.Find(Gates.MainCi)!.LimitOverrides.Length);
        Assert.Equal(TimeSpan.FromMinutes(7), Assert.Single(Built(static g => g.WithinFor("acme/web", expected: TimeSpan.FromMinutes(5)).WithinFor("ACME/web", expected: TimeSpan.FromMinutes(7))).Find(Gates.MainCi)!.LimitOverrides).FinishWithin);
        Assert.Empty(Built(g => { Declared(g); g.WithoutAlert(); }).Find(Gates.MainCi)!.LimitOverrides);
    }

    [Fact]
    public void A_pipeline_with_another_limit_for_some_items_is_another_pipeline()
    {
        var plain = Built(static _ => { });
        var some = Built(static g => g.WithinFor("a", "b", TimeSpan.FromMinutes(5)));
        Assert.NotEqual(plain, some);
        Assert.NotEqual(some, Built(static g => g.WithinFor("a", "b", TimeSpan.FromMinutes(6))));
        Assert.NotEqual(some, Built(static g => g.WithinFor("a,b", null, TimeSpan.FromMinutes(5))));
        Assert.NotEqual(Built(static g => g.WithinFor("a\",\"b", null, TimeSpan.FromMinutes(5))), some);
        Assert.NotEqual(Built(static g => g.WithinFor("a", null, TimeSpan.FromMinutes(5))), Built(static g => g.WithinFor(null, "a", TimeSpan.FromMinutes(5))));
        Assert.NotEqual(plain, new PipelineBuilder("p").UseDefaultGates().DoneWithin(TimeSpan.FromHours(5)).Build());
        Assert.NotEqual(plain, new PipelineBuilder("p").UseDefaultGates().WithoutDoneAlert().Build());
    }

    [Fact]
    public async Task Items_of_a_running_pipeline_are_folded_again_when_a_limit_for_some_is_added()
    {
        var store = new InMemoryLoopStore();
        using var before = new LoopFixture(store: store);
        await before.TakeAsync(Given.Delivered(1, 1, "a1")[..^1]);
        await before.RunAsync(TimeSpan.FromMinutes(1));
        using var after = new LoopFixture(static l => l.AddPipeline("delivery", static p => p.UseDefaultGates().Gate(Gates.MainCi, static g => g.WithinFor("acme/*", expected: TimeSpan.FromMinutes(50)))), store, before.Time);
        await after.TakeAsync(Given.Delivered(1, 1, "a1")[0] with { Attributes = Given.Opened(Given.Item(1)).Attributes.SetItem(FactAttributes.Repository, "acme/web"), Ordinal = Ordinal.At(Given.At(1)) });
        Assert.Equal(Given.At(53), (await after.GateAsync("BL-1", Gates.MainCi)).FinishBy);
    }

    public static TheoryData<Action<PipelineBuilder>, string> Mistakes => new()
    {
        { p => p.Gate(Gates.MainCi, g => g.WithinFor(expected: TimeSpan.FromMinutes(5))), "Pipelines:p:Gates:main-ci has a limit for some items that names neither a repository nor a priority; use .WithinFor(repository: \"acme/*\", …), or .Within(…) for all items." },
        { p => p.Gate(Gates.MainCi, g => g.WithinFor("*/web", expected: TimeSpan.FromMinutes(5))), "Pipelines:p:Gates:main-ci has a limit for '*/web', which is not a repository; use a name such as 'acme/web', or a beginning followed by '*' such as 'acme/*'." },
        { p => p.Gate(Gates.MainCi, g => g.WithinFor("a", " ", TimeSpan.FromMinutes(5))), "Pipelines:p:Gates:main-ci has a limit for 'a', ' ', where the priority is blank; use a priority such as 'P0', or null for any." },
        { p => p.Gate(Gates.MainCi, g => g.WithinFor("a", "P0", TimeSpan.Zero)), "Pipelines:p:Gates:main-ci has a limit for 'a', 'P0' that is not positive; use .WithinFor(…, expected: TimeSpan.FromMinutes(30)), or leave it out to never alert for them." },
        { p => p.DoneWithin(TimeSpan.Zero), "Pipelines:p:DoneWithin is not positive; use .DoneWithin(TimeSpan.FromHours(24)) or .WithoutDoneAlert()." },
        { p => p.Without(Gates.Merged).DoneWhen(Done.When("x", Gates.MainCi)).DoneWithin(TimeSpan.FromHours(1)), "Pipelines:p:DoneWithin counts from the merge, and the pipeline has no gate 'merged'; change the gates or use .WithoutDoneAlert()." },
        { p => p.Gate("done", g => g.WrittenBy("ci")).DoneWithin(TimeSpan.FromHours(1)), "Pipelines:p:DoneWithin is told as 'done', which is also the name of a gate; change the gates or use .WithoutDoneAlert()." },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_named_with_its_place_and_its_fix(Action<PipelineBuilder> declare, string message)
    {
        var pipeline = new PipelineBuilder("p").UseDefaultGates();
        declare(pipeline);
        Assert.Equal(message, Assert.Throws<InvalidOperationException>(pipeline.Build).Message);
    }

    [Fact]
    public void The_default_limit_to_done_gives_way_to_pipelines_that_cannot_have_it()
    {
        Assert.Equal(TimeSpan.FromHours(24), PipelineDefinition.Default.DoneWithin);
        Assert.Null(new PipelineBuilder("p").UseDefaultGates().Without(Gates.Merged).DoneWhen(Done.When("x", Gates.MainCi)).Build().DoneWithin);
        Assert.Null(new PipelineBuilder("p").UseDefaultGates().Gate("done", static g => g.WrittenBy("ci")).Build().DoneWithin);
        Assert.Null(new PipelineBuilder("p").Gate(Gates.Merged, static g => g.WrittenBy("scm")).DoneWhen(Done.Merged).Build().DoneWithin);
        Assert.Null(new PipelineBuilder("p").WithoutDoneAlert().UseDefaultGates().Build().DoneWithin);
        Assert.Equal(TimeSpan.FromHours(3), new PipelineBuilder("p").DoneWithin(TimeSpan.FromHours(3)).UseDefaultGates().Build().DoneWithin);
    }

    private static PipelineDefinition Built(Action<GateBuilder> configure) => new PipelineBuilder("p").UseDefaultGates().Gate(Gates.MainCi, configure).Build();
}
