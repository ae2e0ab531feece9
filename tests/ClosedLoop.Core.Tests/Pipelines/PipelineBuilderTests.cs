using ClosedLoop.Pipelines;

namespace ClosedLoop.Core.Tests.Pipelines;

public sealed class PipelineBuilderTests
{
    [Fact]
    public void The_default_pipeline_is_the_table_of_the_mission()
    {
        var gates = PipelineDefinition.Default.Gates;
        Assert.Equal(Gates.Default, gates.Select(static g => g.Name));
        Assert.Equal(["agent,scm", "scm", "scm", "ci", "registry,ci", "deployer", "health"], gates.Select(static g => string.Join(',', g.Writers)));
        Assert.Equal([null, 120, null, 30, 15, 10, 5], gates.Select(static g => (int?)g.FinishWithin?.TotalMinutes));
        Assert.Equal("B", PipelineDefinition.Default.Done.Name);
        Assert.Equal(GateRule.NoneFails, PipelineDefinition.Default.Find(Gates.Reviewed)!.Rule);
    }

    public static TheoryData<Action<PipelineBuilder>, string> Mistakes => new()
    {
        { p => { }, "Pipelines:p has 0 gates; declare 1 to 64, for instance with UseDefaultGates()." },
        { p => p.UseDefaultGates().Gate("Bad Name", g => g.WrittenBy("ci")), "Pipelines:p:Gates:Bad Name has a name that is not lower-case letters, digits and '-'; rename it." },
        { p => p.UseDefaultGates().Gate("scan", g => g.WithoutPersons()), "Pipelines:p:Gates:scan has no writer, so nothing can ever pass it; add .WrittenBy(\"ci\")." },
        { p => p.UseDefaultGates().Gate("scan", g => g.WrittenBy("ci").Require()), "Pipelines:p:Gates:scan requires named checks but names none; add .Require(\"build\")." },
        { p => p.UseDefaultGates().Gate("scan", g => g.WrittenBy("ci").AtLeast(0)), "Pipelines:p:Gates:scan passes with 0 pieces of evidence; use .AtLeast(1) or more: no evidence is never a pass." },
        { p => p.UseDefaultGates().Gate("scan", g => g.WrittenBy("ci").Within(TimeSpan.Zero)), "Pipelines:p:Gates:scan has a limit that is not positive; use .Within(TimeSpan.FromMinutes(30)) or .WithoutAlert()." },
        { p => p.UseDefaultGates().Without(Gates.MainCi), "Pipelines:p:Done requires the gate 'main-ci', which the pipeline does not have; add .Gate(\"main-ci\") or choose another DONE definition." },
        { p => p.UseDefaultGates().DoneWhen(new DoneDefinition("none", [])), "Pipelines:p:Done names no gate; name at least one: without evidence nothing is done." },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_named_with_its_place_and_its_fix(Action<PipelineBuilder> declare, string message)
    {
        var pipeline = new PipelineBuilder("p");
        declare(pipeline);
        Assert.Equal(message, Assert.Throws<InvalidOperationException>(pipeline.Build).Message);
    }

    [Fact]
    public void Gates_are_placed_changed_and_removed_by_name()
    {
        var p = new PipelineBuilder("p").UseDefaultGates().GateBefore(Gates.Merged, "scan", g => g.WrittenBy("ci")).GateAfter(Gates.Merged, "sign", g => g.WrittenBy("ci")).Without(Gates.Healthy)
            .Gate(Gates.MainCi, g => g.Within(TimeSpan.FromHours(1), TimeSpan.FromMinutes(5))).Build();
        Assert.Equal([Gates.PrOpened, Gates.Reviewed, "scan", Gates.Merged, "sign", Gates.MainCi, Gates.ImageBuilt, Gates.RolledOut], p.Gates.Select(static g => g.Name));
        Assert.Equal("ci", Assert.Single(p.Find(Gates.MainCi)!.Writers));
        Assert.Throws<ArgumentException>(() => new PipelineBuilder("p").GateAfter("none", "x"));
        Assert.Throws<ArgumentException>(() => Done.When("nothing"));
    }

    [Fact]
    public void A_pipeline_equals_another_exactly_when_its_rules_do()
    {
        var again = new PipelineBuilder("delivery").UseDefaultGates();
        Assert.Equal(PipelineDefinition.Default, again.Build());
        Assert.NotEqual(PipelineDefinition.Default, again.Gate(Gates.Reviewed, static g => g.AtLeast(2)).Build());
        Assert.NotEqual(PipelineDefinition.Default, new PipelineBuilder("delivery").UseDefaultGates().DoneWhen(Done.Merged).Build());
    }
}
