namespace ClosedLoop.Samples.Tests.Docs;

/// <summary>The code of the documentation about agents.</summary>
internal static class AgentSnippets
{
    public static async Task<string> SayAsync(IClosedLoop loop)
    {
        var status = await loop.WaitUntilDoneAsync("BL-42", TimeSpan.FromMinutes(30));
        if (status is { IsDone: true }) return "done";
        return $"not done: {status?.Why ?? "nothing is known of it; open the item first"}";
    }
}
