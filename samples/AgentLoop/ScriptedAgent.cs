using ClosedLoop.Facts;

namespace ClosedLoop.Samples.AgentLoop;

/// <summary>
/// Stands for a model: it works, it is sure of itself, and it does what it is told is missing. It writes as itself, and the record takes
/// from it what an agent may say: that there is a pull request.
/// </summary>
internal sealed class ScriptedAgent(IClosedLoop loop)
{
    private string? _task;

    public async Task BeginAsync(string item, string title)
    {
        var opened = await loop.OpenAsync(new WorkItem(item) { Title = title, Agent = new AgentInfo("builder-7", "model-x 1.2", "session-9") });
        if (!opened.IsRecorded) throw new InvalidOperationException(opened.Refusal);
    }

    public void Told(string why) => _task = why;

    public async Task<string> WorkAsync(string item, int round)
    {
        switch (round)
        {
            case 1:
                await loop.RecordAsync(item, Gates.PrOpened, Evidence.At("https://git.example/acme/web/pull/12"), Key.PullRequest("acme/web", 12));
                return "I opened acme/web#12. Done!";
            case 2:
                // The short way: to write down what one wishes were so. The record refuses, and keeps the attempt.
                var claimed = await loop.RecordAsync(item, Gates.MainCi, Evidence.At("https://agent.example/works-on-my-machine"));
                return $"All tests pass on my machine, so I recorded main-ci. Done! (recorded: {claimed.IsRecorded}; {claimed.Refusal})";
            case 3:
                return $"I was told \"{_task}\". It is merged now, that is what counts. Done!";
            case 4:
                return "main-ci is red: the login test needs a seed. I pushed a fix to acme/web#12's branch and had it merged. Done?";
            default:
                return "I have nothing left to do. Done?";
        }
    }
}
