using System.Text.Json;

namespace ClosedLoop.Testing.Tests.EndToEnd;

/// <summary>An answer, read to its end.</summary>
internal sealed record Reply(int Status, string? ContentType, string Text)
{
    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Text);
            return document.RootElement.Clone();
        }
    }

    /// <summary>What became of a delivery that was taken.</summary>
    public string Outcome => Json.GetProperty("outcome").GetString()!;

    public static async Task<Reply> OfAsync(HttpResponseMessage response) =>
        new((int)response.StatusCode, response.Content.Headers.ContentType?.MediaType, await response.Content.ReadAsStringAsync());

    public void IsTaken(string outcome = "accepted", int status = 202) => Assert.True(Status == status && Outcome == outcome, ToString());

    /// <summary>Checks that it is problem details of a type; returns the detail.</summary>
    public string IsProblem(int status, string type)
    {
        Assert.True(status == Status, ToString());
        Assert.Equal("application/problem+json", ContentType);
        Assert.Equal("urn:closedloop:problem:" + type, Json.GetProperty("type").GetString());
        Assert.Equal(status, Json.GetProperty("status").GetInt32());
        return Json.GetProperty("detail").GetString()!;
    }

    public override string ToString() => $"{Status} {Text}";
}
