namespace ClosedLoop.Cli.Completing;

/// <summary>Scripts that let a shell ask the command itself for completions, by its suggest directive.</summary>
internal static class CompletionScripts
{
    public static IReadOnlyDictionary<string, string> All { get; } = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["bash"] = """
            # closedloop completion bash; add to ~/.bashrc:  source <(closedloop completion bash)
            _closedloop() {
                local IFS=$'\n'
                COMPREPLY=( $(compgen -W "$(closedloop "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}") )
            }
            complete -F _closedloop closedloop
            """,
        ["zsh"] = """
            # closedloop completion zsh; add to ~/.zshrc:  source <(closedloop completion zsh)
            _closedloop() {
                local -a found
                found=("${(@f)$(closedloop "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
                compadd -- $found
            }
            compdef _closedloop closedloop
            """,
        ["fish"] = """
            # closedloop completion fish; add to ~/.config/fish/config.fish:  closedloop completion fish | source
            function __closedloop_complete
                closedloop "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null
            end
            complete -c closedloop -f -a "(__closedloop_complete)"
            """,
        ["pwsh"] = """
            # closedloop completion pwsh; add to $PROFILE:  closedloop completion pwsh | Out-String | Invoke-Expression
            Register-ArgumentCompleter -Native -CommandName closedloop -ScriptBlock {
                param($wordToComplete, $commandAst, $cursorPosition)
                closedloop "[suggest:$cursorPosition]" "$commandAst" 2>$null | ForEach-Object {
                    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                }
            }
            """,
    };
}
