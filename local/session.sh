# For a first session beside `npm start`: where everything is, and a few words to ask it with. In the checkout's folder:
#   . local/session.sh
export ERP_SYNC_STATE="${ERP_SYNC_STATE:-local/.state}"
# zsh takes comments that are pasted for commands, unless it is told.
[ -z "${ZSH_VERSION:-}" ] || setopt interactivecomments
[ -f "$ERP_SYNC_STATE/endpoints.json" ] || {
  echo "There is no $ERP_SYNC_STATE/endpoints.json: npm start does not run in this folder, or is not ready yet." >&2
  return 1
}
value() { field "$1" <"$ERP_SYNC_STATE/endpoints.json"; }
# Of an answer that is piped in: a field, and a list in lines of the parts that are named.
field() {
  node -e "a = JSON.parse(require('fs').readFileSync(0)); try { b = a.$1 } catch { b = undefined }
    if (b === undefined) { console.error('No', process.argv[1], 'in the answer:', JSON.stringify(a)); process.exit(1) } console.log(b)" "$1"
}
show() {
  node -p "a = JSON.parse(require('fs').readFileSync(0)), a.$1 ? a.$1.map(($2) => [$3].join('  ')).join('\n') || 'none' : a"
}

API=$(value apiUrl)/v1
CONNECTION=$(value connectionId)
CRM=$(value crm.controlUrl)
ERP=$(value erp.url)/$(value erp.database)/rpc/
SOFIA=$(value erp.user):$(value erp.password)

# A call of the API: its path, then what else curl takes.
api() { WHERE=$1 && shift && curl -K "$ERP_SYNC_STATE/curl.conf" "$@" "$API/$WHERE"; }
# An edit by a user of the CRM: a record, and its new values. A call of Tryton as sofia, who works in the ERP: a method of
# a model, and its parameters.
crm() { curl -sS -o /dev/null -X PATCH -d "$2" "$CRM/records/$1"; }
erp() {
  curl -sS -u "$SOFIA" -H 'Content-Type: application/json' -d "{\"id\":1,\"method\":\"model.$1\",\"params\":$2}" "$ERP"
  echo
}

# Starts a run of a kind (and what else is asked of it), waits for its end and shows what it changed.
run() { follow "$(api sync-runs -d "{\"connectionId\":\"$CONNECTION\",\"kind\":\"$1\"$2}" | field id)"; }
follow() {
  [ -n "$1" ] || return 1
  for TRY in $(seq 120); do
    ENDED=$(api "sync-runs/$1" | field state)
    case $ENDED in queued | running) sleep 1 ;; *) break ;; esac
  done
  echo "Run $1: $ENDED, changes:"
  api "sync-runs/$1/changes" | show items c \
    "c.outcome, 'in the ' + c.side.toUpperCase(), c.crmName ?? c.crmType + ' ' + c.crmKey, c.erpField, c.oldValue + ' -> ' + c.newValue"
}
