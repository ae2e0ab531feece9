using System.Globalization;
using ClosedLoop.Migration;
using Spectre.Console;

namespace ClosedLoop.Samples.Watcher.Git;

/// <summary>Shows progress on the error console; silent when that is no terminal.</summary>
internal sealed class GitProgressDisplay : IProgress<GitProgress>
{
    private ProgressTask? _reading;
    private ProgressTask? _folding;

    public static async Task<T> RunAsync<T>(IAnsiConsole console, Func<GitProgressDisplay, Task<T>> work)
    {
        var display = new GitProgressDisplay();
        if (!console.Profile.Out.IsTerminal) return await work(display);
        return await console.Progress().AutoClear(true).Columns(new SpinnerColumn(), new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .StartAsync(async context =>
            {
                display._reading = context.AddTask("reading the history");
                display._reading.IsIndeterminate = true;
                display._folding = context.AddTask("folding", autoStart: false);
                return await work(display);
            });
    }

    public void Report(GitProgress value)
    {
        if (_reading is not null) _reading.Description = string.Create(CultureInfo.InvariantCulture, $"reading the history: {value.CommitsRead:N0} commits, back to {value.At:yyyy-MM}");
    }

    public void ReadingDone()
    {
        if (_reading is null) return;
        _reading.IsIndeterminate = false;
        _reading.Value = _reading.MaxValue;
        _folding!.StartTask();
    }

    public void Folded(int landings, int of)
    {
        if (_folding is null) return;
        _folding.MaxValue = Math.Max(1, of);
        _folding.Value = landings;
    }
}
