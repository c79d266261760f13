/** Scripts that let a shell ask aia itself what may come next, so that they need no change when commands do. */
import type { Shell } from './shells.ts';

/** The script for a shell, to be sourced. */
export function completionScript(shell: Shell): string {
  return SCRIPTS[shell];
}

const BASH = `# bash completion for aia; load with: source <(aia completion bash)
_aia() {
  local line="\${COMP_LINE:0:COMP_POINT}" candidate directive=4
  local -a words
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  local current="\${words[\${#words[@]}-1]}" prefix=""
  # Where "=" separates words, bash replaces what stands behind it.
  [[ $COMP_WORDBREAKS == *=* && $current == --*=* ]] && prefix="\${current%%=*}="
  COMPREPLY=()
  while IFS= read -r candidate; do
    case $candidate in
      :*) directive=\${candidate#:} ;;
      *) COMPREPLY+=("\${candidate#"$prefix"}") ;;
    esac
  done < <(aia __complete "\${words[@]:1}" 2>/dev/null)
  current=\${current#"$prefix"}
  case $directive in
    0) compopt -o filenames 2>/dev/null; while IFS= read -r candidate; do COMPREPLY+=("$candidate"); done < <(compgen -f -- "$current") ;;
    16) compopt -o filenames 2>/dev/null; while IFS= read -r candidate; do COMPREPLY+=("$candidate"); done < <(compgen -d -- "$current") ;;
  esac
}
complete -F _aia aia
`;

const ZSH = `#compdef aia
# zsh completion for aia; load with: source <(aia completion zsh)
_aia() {
  local -a lines
  lines=("\${(@f)$(aia __complete "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  local directive="\${lines[-1]#:}"
  lines[-1]=()
  case $directive in
    0) _files ;;
    16) _files -/ ;;
    *) (( \${#lines} )) && compadd -- "\${lines[@]}" ;;
  esac
}
(( \${+functions[compdef]} )) || { autoload -Uz compinit && compinit; }
compdef _aia aia
`;

const FISH = `# fish completion for aia; load with: aia completion fish | source
function __aia_complete
  set -l before (commandline -opc)
  set -l current (commandline -ct)
  set -e before[1]
  set -l directive 4
  for line in (aia __complete $before "$current" 2>/dev/null)
    if string match -q ':*' -- $line
      set directive (string sub -s 2 -- $line)
    else
      echo $line
    end
  end
  switch $directive
    case 0
      __fish_complete_path "$current"
    case 16
      __fish_complete_directories "$current"
  end
end
complete -c aia -f -a '(__aia_complete)'
`;

const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH };
