using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using ClosedLoop.Alerting;
using ClosedLoop.Alerting.HandOffs;
using ClosedLoop.AspNetCore.Api.Operations;
using ClosedLoop.Facts;
using ClosedLoop.Lines;
using ClosedLoop.Migration;
using ClosedLoop.Testing.Time;
using Microsoft.Extensions.DependencyInjection;

namespace ClosedLoop.AspNetCore.Tests.Api;

public sealed class ApiPageTests
{
    [Fact]
    public async Task Each_example_of_the_documentation_is_answered_as_it_says()
    {
        var time = new ManualTimeProvider();
        await using var host = await LoopHost.StartAsync(l => l.AddAlerting(a => a.AddHandOff(o => o.Name = "builder-7", static (_, _) => new(new HandOffReply(null)))), time: time, kestrel: true);
        await LineAsync(host);
        string id = "";

        foreach (var example in ApiPage.Read().Examples)
        {
            if (example.IsLater)
            {
                time.Advance(TimeSpan.FromHours(3));
                id = await LoopHost.UntilAsync(async () => (await host.ReadAsync("/api/incidents?gate=reviewed")).GetProperty("incidents").EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } found ? found.GetProperty("id").GetString() : null, "an incident", time);
            }
            string path = example.Path.Replace("{id}", id, StringComparison.Ordinal);
            if (path.Contains("/stream", StringComparison.Ordinal))
            {
                using var stream = await EventStream.OpenAsync(host, path);
                var (sequence, name, data) = (await stream.NextAsync())!.Value;
                string[] lines = example.Answer.Split('\n');
                Assert.Equal([$"id: {sequence.ToString(CultureInfo.InvariantCulture)}", $"event: {name}"], lines.Take(2));
                Same(Json(lines[2]["data: ".Length..]), data, path);
                continue;
            }
            using var response = await host.SendAsync(new HttpMethod(example.Method), path, example.Writer, example.Body);
            string text = await response.Content.ReadAsStringAsync();
            Assert.True(example.Status == (int)response.StatusCode, $"{example.Method} {path}: {(int)response.StatusCode} {text}");
            if (example.Kind == "text") Assert.StartsWith(example.Answer, text, StringComparison.Ordinal);
            else Same(Json(example.Answer), Json(text), $"{example.Method} {path}");
        }
    }

    [Fact]
    public async Task Every_operation_has_an_example_in_the_documentation()
    {
        await using var host = await LoopHost.StartAsync();
        var examples = ApiPage.Read().Examples;

        foreach (var operation in host.App.Services.GetServices<IApiOperations>().SelectMany(static p => p.Operations))
        {
            string pattern = "^/api" + Regex.Replace(Regex.Escape(operation.Pattern).Replace("\\{", "{", StringComparison.Ordinal), @"\{\w+\}", "[^/]+") + "$";
            Assert.True(examples.Any(e => e.Method == operation.Method && Regex.IsMatch(e.Path.Split('?')[0], pattern)), $"docs/api.md has no example of {operation.Method} {operation.Pattern}");
        }
    }

    // What the page shows has to be so; it may leave out members and the last elements of a list.
    private static void Same(JsonElement shown, JsonElement actual, string path)
    {
        Assert.True(shown.ValueKind == actual.ValueKind || (shown.ValueKind is JsonValueKind.True or JsonValueKind.False && actual.ValueKind is JsonValueKind.True or JsonValueKind.False), $"{path}: {actual}");
        switch (shown.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in shown.EnumerateObject())
                {
                    Assert.True(actual.TryGetProperty(member.Name, out var value), $"{path}.{member.Name} is not in the answer");
                    Same(member.Value, value, $"{path}.{member.Name}");
                }
                break;
            case JsonValueKind.Array:
                Assert.True(shown.GetArrayLength() == 0 ? actual.GetArrayLength() == 0 : shown.GetArrayLength() <= actual.GetArrayLength(), $"{path}: {actual}");
                for (int i = 0; i < shown.GetArrayLength(); i++) Same(shown[i], actual[i], $"{path}[{i}]");
                break;
            default:
                Assert.True(shown.ToString() == actual.ToString(), $"{path}: the page has {shown}, the answer {actual}");
                break;
        }
    }

    private static async Task LineAsync(LoopHost host)
    {
        string sha = new('a', 40);
        var scm = host.App.Services.GetRequiredService<IClosedLoop>().As(new Writer(WriterRoles.SourceControl, "github"));
        await host.App.Services.GetRequiredService<ILoopMigration>().LoadHistoryAsync(new[] { (IReadOnlyList<CommitNode>)[new CommitNode("acme/web", sha, [])] }.ToAsyncEnumerable());
        var head = new Fact { Subject = Key.Branch("acme/web", "main"), Kind = FactKinds.Head, Writer = scm.Writer, Ordinal = new Ordinal(1), OccurredAt = new DateTimeOffset(2026, 1, 5, 8, 0, 0, TimeSpan.Zero), Revision = sha };
        Assert.True((await scm.RecordFactsAsync([head])).IsRecorded);
    }

    private static JsonElement Json(string text) => JsonDocument.Parse(text).RootElement;
}
