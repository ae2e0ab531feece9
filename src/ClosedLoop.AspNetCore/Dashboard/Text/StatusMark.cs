namespace ClosedLoop.AspNetCore.Dashboard.Text;

/// <summary>How a state is shown: a mark that differs in shape, a word, and a tone.</summary>
/// <param name="Icon">One of <see cref="Icons"/>.</param>
/// <param name="Word">What it is.</param>
/// <param name="Tone">The colour.</param>
internal readonly record struct StatusMark(string Icon, string Word, Tone Tone)
{
    /// <summary>The class that gives the colour.</summary>
    public string Class => Tone switch
    {
        Tone.Good => "tone-good",
        Tone.Busy => "tone-busy",
        Tone.Warn => "tone-warn",
        Tone.Bad => "tone-bad",
        _ => "tone-quiet",
    };
}
