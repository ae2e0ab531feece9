using System.Globalization;
using System.Text;

namespace ClosedLoop.AspNetCore.Tests.Api;

public sealed class QueryFuzzTests
{
    private static readonly string[] Paths =
    [
        "/api/items", "/api/items/BL-1", "/api/items/BL-1/transitions", "/api/items/BL-1/diagram", "/api/board", "/api/board/facets", "/api/transitions", "/api/quarantine", "/api/sources", "/api/incidents", "/api/incidents/x", "/api/openapi.json",
    ];

    private static readonly string[] Names = ["pipeline", "waitingOn", "repository", "agent", "priority", "open", "done", "overdue", "order", "q", "cursor", "limit", "after", "item", "severity", "gate", "unheard"];

    private static readonly string[] Values =
    [
        "", " ", "0", "-1", "1", "500", "501", "99999999999999999999", "1e9", "true", "false", "TRUE", "null", "\0", "\u001b[31m", "<script>", "'; drop table items; --", "%", "%00", "_", "\\", "\u202e", "\ud83d\ude00", "MA", "bm9uc2Vuc2U",
        "MS4uLg", "longestWaiting", "delivery", "BL-1", "١٢", "1,2", "[]", "{}", "\r\nX: y",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Whatever_a_query_holds_the_answer_is_200_or_says_what_was_wrong(int seed)
    {
        var random = new Random(seed);
        await using var host = await LoopHost.StartAsync(l => Alerting.ClosedLoopBuilderExtensions.AddAlerting(l));
        using var opened = await host.PostAsync("/api/items", """{"id":"BL-1"}""");
        for (int i = 0; i < 400; i++)
        {
            var path = new StringBuilder(Paths[random.Next(Paths.Length)]).Append('?');
            for (int parameters = random.Next(1, 4); parameters > 0; parameters--)
            {
                string value = random.Next(12) == 0 ? new string('x', random.Next(600)) : Values[random.Next(Values.Length)];
                path.Append(CultureInfo.InvariantCulture, $"{Names[random.Next(Names.Length)]}={Uri.EscapeDataString(value)}&");
            }
            using var response = await host.SendAsync(HttpMethod.Get, path.ToString(), "agent:builder-7");
            int status = (int)response.StatusCode;
            Assert.True(status is 200 or 400 or 404, $"{path}: {status} {await response.Content.ReadAsStringAsync()}");
            Assert.DoesNotContain("<script", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }
}
