using ClosedLoop.Facts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ClosedLoop.Adapters.CDEvents.Tests;

public sealed class OptionsTests
{
    public static TheoryData<string, Action<CDEventsOptions>> Mistakes => new()
    {
        { "CDEvents:Secret", static o => o.Secret = null },
        { "CDEvents:Secret", static o => o.Secret = "" },
        { "CDEvents:Secret", static o => o.Secret = "hunter2hunter2" },
        { "CDEvents:Secret", static o => o.Secret = "hunter2hunter2hunter2\n" },
        { "CDEvents:Sources", static o => o.Sources.Clear() },
        { "CDEvents:Sources:0:Source", static o => o.Sources[0].Source = "" },
        { "CDEvents:Sources:0:Source", static o => o.Sources[0].Source = "*" },
        { "CDEvents:Sources:0:Source", static o => o.Sources[0].Source = "a*b*" },
        { "CDEvents:Sources:1:Source", static o => o.Sources[1].Source = Given.Host },
        { "CDEvents:Sources:0:Roles", static o => o.Sources[0].Roles.Clear() },
        { "CDEvents:Sources:0:Roles", static o => o.Sources[0].Roles.Add("person") },
        { "CDEvents:Sources:0:Roles", static o => o.Sources[0].Roles.Add(WriterRoles.Host) },
        { "CDEvents:Sources:0:Name", static o => o.Sources[0].Name = "a:b" },
        { "CDEvents:Sources:0:Secret", static o => o.Sources[0].Secret = "hunter2" },
        { "CDEvents:Sources:0:Repositories:1", static o => o.Sources[0].Repositories.Add("web") },
        { "CDEvents:Sources:1:Checks:1", static o => o.Sources[1].Checks.Add("") },
        { "CDEvents:Sources:0:Branch", static o => o.Sources[0].Branch = "a b" },
        { "CDEvents:Sources:0:CommitPath", static o => o.Sources[0].CommitPath = "customData..commit" },
        { "CDEvents:Environments:'x'", static o => o.Environments["x"] = "" },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_refused_by_name_and_no_secret_is_repeated(string option, Action<CDEventsOptions> mistake)
    {
        var e = Assert.Throws<OptionsValidationException>(() => CDEventsAdapter.Create(Given.Options(mistake)));
        string failure = Assert.Single(e.Failures);
        Assert.StartsWith(option + " ", failure, StringComparison.Ordinal);
        Assert.Contains("; ", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure, StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_are_told_at_once() =>
        Assert.Equal(3, Assert.Throws<OptionsValidationException>(() => CDEventsAdapter.Create(Given.Options(static o => (o.Secret, o.Sources[0].Source, o.Sources[1].Name) = (null, "", "")))).Failures.Count());

    public static TheoryData<string, Action<CDEventsSinkOptions>> SinkMistakes => new()
    {
        { "Address", static o => o.Address = null },
        { "Address", static o => o.Address = new Uri("ftp://x.example") },
        { "Address", static o => o.Address = new Uri("https://ann:hunter2hunter2@x.example") },
        { "Source", static o => o.Source = "" },
        { "Version", static o => o.Version = (CDEventsVersion)7 },
        { "Mode", static o => o.Mode = (CloudEventsMode)7 },
        { "CursorFile", static o => o.CursorFile = null },
        { "CursorFile", static o => o.CursorFile = "/no/such/directory/cursor" },
        { "Secret", static o => o.Secret = "hunter2" },
        { "Token", static o => o.Token = "hunter2 hunter2" },
        { "Timeout", static o => o.Timeout = TimeSpan.Zero },
        { "PollInterval", static o => o.PollInterval = TimeSpan.Zero },
    };

    [Theory]
    [MemberData(nameof(SinkMistakes))]
    public void A_mistake_of_a_sink_is_refused_by_name_and_no_secret_is_repeated(string option, Action<CDEventsSinkOptions> mistake)
    {
        var services = new ServiceCollection();
        OptionsValidationException? e = null;
        services.AddClosedLoop(loop => e = Assert.Throws<OptionsValidationException>(() => loop.AddCDEventsSink(o =>
        {
            (o.Address, o.CursorFile) = (new Uri("https://events.acme.example/secret-path"), Path.Combine(Path.GetTempPath(), "closedloop.cursor"));
            mistake(o);
        })));
        string failure = Assert.Single(e!.Failures);
        Assert.StartsWith($"Sinks:cdevents:{option} ", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure, StringComparison.Ordinal);
    }
}
